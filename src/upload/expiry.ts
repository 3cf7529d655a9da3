/**
 * What lets requests be sent, held against the time that the upload will take. Told as soon as the pace is known; refused
 * only where the pace is given and nobody can sign anew. What is fetched anew by itself has no end that matters here.
 */
import { S3upError } from "../errors.ts";
import type { Emit, UploadEvent } from "./events.ts";

export interface Expiry {
  /** `url`: one presigned URL. `manifest`: the first of its URLs. `credentials`: given ones, that nobody renews. */
  readonly of: "credentials" | "url" | "manifest";
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Pace {
  /** The limit that the user set; undefined: it shows after a while. */
  readonly bytesPerSecond: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** True the first time only: several files of a run need not be told the same. */
  readonly isNews: (of: Expiry["of"]) => boolean;
}

/** How long bytes are watched before their pace says anything about the rest. */
const watchedMs = 5_000;

/** An `emit` that adds one `expiring` where the rest of the bytes will take longer than there is time. */
export function watchExpiry(expiry: () => Expiry | undefined, { bytesPerSecond, now, isNews }: Pace, emit: Emit): Emit {
  let first: { readonly at: number; readonly sent: number } | undefined;
  let told = false;

  function secondsNeeded({ sentBytes, totalBytes = 0 }: Progress): number | undefined {
    const left = Math.max(0, totalBytes - sentBytes);
    if (bytesPerSecond !== undefined) return left / bytesPerSecond;
    first ??= { at: now(), sent: sentBytes };
    const [milliseconds, bytes] = [now() - first.at, sentBytes - first.sent];
    return milliseconds < watchedMs || bytes <= 0 ? undefined : (left * milliseconds) / bytes / 1000;
  }

  return (event) => {
    emit(event);
    if (told || event.type !== "progress" || event.totalBytes === undefined) return;
    const neededSeconds = secondsNeeded(event);
    const end = neededSeconds === undefined ? undefined : expiry();
    if (neededSeconds === undefined || end === undefined) return;
    const leftSeconds = Math.max(0, (end.at - now()) / 1000);
    if (neededSeconds <= leftSeconds) return;
    told = true;
    if (isNews(end.of)) emit({ type: "expiring", of: end.of, leftSeconds, neededSeconds });
  };
}

type Progress = Extract<UploadEvent, { readonly type: "progress" }>;

/**
 * A manifest whose URLs end before the limit lets the last byte leave can never be used up: nothing is sent.
 * @throws S3upError URL_EXPIRED
 */
export function refuseTooSlow(expiry: Expiry | undefined, bytesLeft: number, { bytesPerSecond, now }: Pace): void {
  if (expiry?.of !== "manifest" || bytesPerSecond === undefined) return;
  const [needed, left] = [bytesLeft / bytesPerSecond, (expiry.at - now()) / 1000];
  if (needed <= left) return;
  throw new S3upError("URL_EXPIRED", "The manifest expires before the bandwidth limit lets all of the file leave.", {
    why: `Its URLs are good for ${Math.max(0, Math.floor(left))} seconds more; ${bytesLeft} bytes at --bwlimit take ${Math.ceil(needed)}.`,
    hint: "Raise --bwlimit, or have a manifest made that lives longer: s3up presign --multipart --expires-in.",
  });
}
