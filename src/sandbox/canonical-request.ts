/**
 * The canonical request of Signature Version 4 as S3 defines it: unlike other services S3 encodes the path once and
 * keeps its dot segments and doubled slashes.
 * Source: "Authenticating Requests: Using the Authorization Header", Amazon S3 API reference.
 */
import { createHash } from "node:crypto";
import type { ReceivedRequest } from "./received-request.ts";

export interface SignedParts {
  /** Lower-case names. */
  readonly signedHeaders: readonly string[];
  /** Last line: a hash in hex or one of the literals such as `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
}

/** One character for each byte, since header values are bytes of no known encoding; hash it as latin1. */
export function canonicalRequest(request: ReceivedRequest, parts: SignedParts): string {
  const names = parts.signedHeaders.toSorted();
  const headers = names
    .filter((name) => request.headers[name] !== undefined)
    .map((name) => `${name}:${foldSpaces(request.headers[name] ?? "")}\n`);
  return [
    request.method,
    canonicalPath(request.rawPath),
    canonicalQuery(request.queryMembers),
    headers.join(""),
    names.join(";"),
    parts.payloadHash,
  ].join("\n");
}

export function hashOfCanonicalRequest(canonical: string): string {
  return createHash("sha256").update(canonical, "latin1").digest("hex");
}

/** Undoes whatever escapes the client chose, then escapes all that S3 escapes. A slash stays, however it was sent. */
function canonicalPath(rawPath: string): string {
  return uriEncode(decodeURIComponent(rawPath)).replaceAll("%2F", "/");
}

function canonicalQuery(members: readonly (readonly [string, string])[]): string {
  return members
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .toSorted(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/** Percent-encodes every byte of the UTF-8 but the unreserved characters of RFC 3986. */
function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function foldSpaces(value: string): string {
  return value.trim().replace(/ +/g, " ");
}

/** By code point: the encoded texts are ASCII, and a locale's order would not do. */
function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
