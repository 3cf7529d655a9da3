/** One read -> what is known of it. Only answers count: a refusal, a timeout, nonsense leave it unread, never "not set". */
import { facetFrom, plainAnswer } from "../audit/api-answer.ts";
import type { ApiRead } from "../audit/facet-access.ts";
import type { BucketFacets, Facet } from "../audit/facets.ts";
import type { Reading } from "../audit/snapshot.ts";
import { type ErrorCode, S3upError } from "../errors.ts";
import { type SdkCall, serviceAnswerIn, translateSdkError } from "./sdk-errors.ts";

export const absent = { state: "absent" } as const;

export interface ReadContext {
  readonly signal: AbortSignal;
  /** What is being asked about, for errors. */
  readonly about: Pick<SdkCall, "bucket" | "host">;
  /** Error codes, besides those that make every further read pointless, that are thrown. */
  readonly throws?: readonly ErrorCode[];
}

/** The answer to one read of a facet, in the facet's shape. @throws S3upError what makes every further read pointless */
export async function readFacet<F extends Facet>(
  facet: F,
  read: ApiRead,
  context: ReadContext,
  ask: () => Promise<object>,
): Promise<Reading<BucketFacets[F]>> {
  const answer = await answerTo(read, context, ask);
  return answer.state === "present" ? shaped(facet, answer.value) : answer;
}

/** What the SDK returned as the facet; an answer that the API would not give is not taken for one. */
export function shaped<F extends Facet>(facet: F, output: object): Reading<BucketFacets[F]> {
  const answer = facetFrom(facet, plainAnswer(output));
  if (answer.state !== "malformed") return answer;
  return { state: "unreadable", reason: `malformed: ${[facet, ...answer.path].join(".")} ${answer.problem}` };
}

/** The SDK's output, "not configured", or why there is none. */
export async function answerTo<T extends object>(
  read: ApiRead,
  { signal, about, throws = [] }: ReadContext,
  ask: () => Promise<T>,
): Promise<Reading<T>> {
  signal.throwIfAborted();
  try {
    return { state: "present", value: await ask() };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof S3upError) throw error;
    const { code } = serviceAnswerIn(error);
    if (code !== undefined && read.notConfigured.includes(code)) return absent;
    const translated = translateSdkError(error, { operation: read.call, ...about });
    if (!(translated instanceof S3upError) || pointless.has(translated.code) || throws.includes(translated.code)) {
      throw translated;
    }
    return { state: "unreadable", reason: reasonFor(error, translated) };
  }
}

/** Puts one call of several; undefined: not configured. */
export type AskPart = <T extends object>(read: ApiRead, ask: () => Promise<T>) => Promise<T | undefined>;

/** A facet that takes several calls: one that fails leaves all of it unread, and the reason names the action of that call. */
export async function gathered<T>(context: ReadContext, gather: (ask: AskPart) => Promise<T>): Promise<Reading<T>> {
  const ask: AskPart = async (read, send) => {
    const answer = await answerTo(read, context, send);
    if (answer.state === "unreadable") throw new PartUnread(`${answer.reason} (${read.action})`);
    return answer.state === "present" ? answer.value : undefined;
  };
  try {
    return { state: "present", value: await gather(ask) };
  } catch (error) {
    if (error instanceof PartUnread) return { state: "unreadable", reason: error.message };
    throw error;
  }
}

/**
 * All of them at once, like Promise.all, but it waits for each and fails the same way whichever was first: with an error
 * that ends everything, else with all that is unread, so that one run names every action that is missing.
 */
export async function together<const T extends readonly Promise<unknown>[]>(
  parts: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const settled = await Promise.allSettled(parts);
  const failures = settled.flatMap((part): unknown[] => (part.status === "rejected" ? [part.reason] : []));
  const unread = failures.filter((failure) => failure instanceof PartUnread);
  if (failures.length > unread.length) throw failures.find((failure) => !(failure instanceof PartUnread));
  if (unread.length > 0) throw new PartUnread([...new Set(unread.map(({ message }) => message))].join(", "));
  return Promise.all(parts);
}

/** Thrown and caught here and by those who gather: the facet cannot be put together, and why. */
export class PartUnread extends Error {}

/** Each of these would be the answer to all other reads as well. */
const pointless: ReadonlySet<ErrorCode> = new Set([
  "CREDENTIALS_MISSING",
  "CREDENTIALS_EXPIRED",
  "CREDENTIALS_INVALID",
  "CLOCK_SKEWED",
  "REGION_UNKNOWN",
]);

/** The service's own code; for a refusal without one its status, and for no answer at all what happened instead. */
function reasonFor(error: unknown, translated: S3upError): string {
  const { code, status } = serviceAnswerIn(error);
  if (code !== undefined) return code;
  if (status !== undefined)
    return status === 403 ? "AccessDenied" : status === 501 ? "NotImplemented" : `HTTP ${status}`;
  return (translated.why ?? translated.message).replace(/\.$/, "");
}
