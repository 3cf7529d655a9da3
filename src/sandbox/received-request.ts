import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { s3Error } from "./s3-error.ts";

/** A request as it came off the wire: what is signed must be read before anything decodes or normalises it. */
export interface ReceivedRequest {
  readonly method: string;
  /** As sent: percent-encoded, with its dot segments and doubled slashes, without the query. */
  readonly rawPath: string;
  /** As sent, without the question mark; empty when there is none. */
  readonly rawQuery: string;
  /** Every member of the query, decoded, in the order sent, repeated ones included. */
  readonly queryMembers: readonly (readonly [name: string, value: string])[];
  /** Decoded; of a repeated member the first. `?acl` is `acl` with an empty value. */
  readonly query: ReadonlyMap<string, string>;
  /** Lower-case names; repeated headers are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names and values as sent, in the order sent. */
  readonly rawHeaders: readonly (readonly [name: string, value: string])[];
  readonly stream: Readable;
}

/** @throws S3Error InvalidURI when the path or the query holds a percent sign that begins no escape, or no UTF-8 */
export function receive(message: IncomingMessage): ReceivedRequest {
  const url = originForm(message.url ?? "/");
  const mark = url.indexOf("?");
  const rawPath = mark < 0 ? url : url.slice(0, mark);
  const rawQuery = mark < 0 ? "" : url.slice(mark + 1);
  percentDecode(rawPath);
  const queryMembers = parseQuery(rawQuery);
  const rawHeaders = pairs(message.rawHeaders);
  return {
    method: message.method ?? "GET",
    rawPath,
    rawQuery,
    queryMembers,
    query: firstOfEach(queryMembers),
    headers: joinHeaders(rawHeaders),
    rawHeaders,
    stream: message,
  };
}

/** Decodes one path or path segment: a plus sign stays a plus sign. @throws S3Error InvalidURI */
export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw s3Error("InvalidURI", { URI: text });
  }
}

/** A proxy may be sent `http://host/path`; only what follows the authority is the resource. */
function originForm(url: string): string {
  const absolute = /^https?:\/\/[^/?]*/i.exec(url);
  return absolute === null ? url : url.slice(absolute[0].length) || "/";
}

function parseQuery(rawQuery: string): (readonly [string, string])[] {
  return rawQuery
    .split("&")
    .filter((member) => member !== "")
    .map((member) => {
      const equals = member.indexOf("=");
      const name = equals < 0 ? member : member.slice(0, equals);
      const value = equals < 0 ? "" : member.slice(equals + 1);
      return [queryDecode(name), queryDecode(value)];
    });
}

/** In a query, S3 reads a plus sign as a space. */
function queryDecode(text: string): string {
  return percentDecode(text.replaceAll("+", " "));
}

function firstOfEach(members: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  return new Map(members.toReversed());
}

function pairs(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index] ?? "", flat[2 * index + 1] ?? ""]);
}

/** Node drops repeated Content-Type and the like; a signature covers all of them, so they are joined here. */
function joinHeaders(rawHeaders: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = Object.create(null);
  for (const [rawName, value] of rawHeaders) {
    const name = rawName.toLowerCase();
    const earlier = headers[name];
    headers[name] = earlier === undefined ? value : `${earlier},${value}`;
  }
  return headers;
}
