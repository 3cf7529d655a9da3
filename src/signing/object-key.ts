/**
 * Where an upload goes. The server alone chooses the key; of the client's file name only letters, digits, `.`, `_` and
 * `-` get into it, so that no key can leave its prefix, hide its end or be taken for a template.
 */
import { Refusal } from "./refusal.ts";

/** Bytes of a file name as it comes in; S3's own limit for a whole key. */
const MAX_NAME_BYTES = 1024;
const MAX_SAFE_NAME = 100;
/** A longer ending is not an extension but a part of the name. */
const MAX_EXTENSION = 32;
/** Leaves the client's own metadata half of the 2 KiB that S3 takes. */
const MAX_NAME_HEADER = 1000;

export interface KeyPlace {
  /** Without slash at its end. */
  readonly prefix: string;
  /** Hash of the caller's identity: a folder for each. */
  readonly subjectHash?: string | undefined;
  readonly date: Date;
  /** Makes the key unique. */
  readonly id: string;
}

export function objectKey({ prefix, subjectHash, date, id }: KeyPlace, fileName: string): string {
  const day = date.toISOString().slice(0, 10).replaceAll("-", "/");
  return [prefix, ...(subjectHash === undefined ? [] : [subjectHash]), day, `${id}-${safeName(fileName)}`].join("/");
}

/**
 * The part of a key that comes from the client: 1 to 100 of `[A-Za-z0-9._-]`, no dot or dash at either end.
 * @throws Refusal invalid_file_name
 */
export function safeName(fileName: string): string {
  const kept = baseName(fileName)
    .replace(/[^A-Za-z0-9._-]/gu, "-")
    .replace(/-{2,}/g, "-");
  return shorten(withStem(kept).replace(/^[.-]+|[.-]+$/g, "")) || "file";
}

/**
 * The original name for the metadata `s3up-name`: percent-encoded, because S3 metadata is ASCII, and cut between two
 * characters at 1,000 bytes.
 * @throws Refusal invalid_file_name
 */
export function nameForMetadata(fileName: string): string {
  let encoded = "";
  for (const character of baseName(fileName)) {
    const next = encoded + encodeURIComponent(character);
    if (next.length > MAX_NAME_HEADER) break;
    encoded = next;
  }
  return encoded;
}

/** The last segment of either kind of path, without the characters that a reader cannot see. */
function baseName(fileName: string): string {
  const name = wellFormed(fileName);
  refuseHostile(name);
  return (name.normalize("NFC").split(/[/\\]/).at(-1) ?? "").replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "");
}

function refuseHostile(name: string): void {
  const field = { field: "fileName" };
  if (name.includes("\0")) throw new Refusal("invalid_file_name", "The file name contains a NUL character.", field);
  if (name.includes("${")) {
    throw new Refusal("invalid_file_name", 'The file name contains "${", which S3 takes for a variable.', field);
  }
  const bytes = new TextEncoder().encode(name).byteLength;
  if (bytes > MAX_NAME_BYTES) {
    throw new Refusal("invalid_file_name", `The file name has ${bytes} bytes; ${MAX_NAME_BYTES} are allowed.`, {
      ...field,
      limit: MAX_NAME_BYTES,
    });
  }
}

/** A name of which only the extension could be kept, such as `日本.pdf`, gets a stem instead of losing its dot. */
function withStem(name: string): string {
  const dot = name.lastIndexOf(".");
  const stem = name.slice(0, Math.max(dot, 0));
  return stem.includes("-") && /^[.-]+$/.test(stem) ? `file${name.slice(dot)}` : name;
}

function shorten(name: string): string {
  if (name.length <= MAX_SAFE_NAME) return name;
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 && name.length - dot <= MAX_EXTENSION ? name.slice(dot) : "";
  return name.slice(0, MAX_SAFE_NAME - extension.length).replace(/[.-]+$/, "") + extension;
}

/** Half of a surrogate pair has no UTF-8; it becomes U+FFFD. */
function wellFormed(text: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}
