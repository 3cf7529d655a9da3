/**
 * Reads the few answers of S3 that come back without the SDK: errors, and the answers to a presigned create and complete.
 * All are flat documents of S3's own making, so that an element is found by its name.
 */
import { type Checksum, checksumAlgorithms } from "../protocol/messages.ts";

export interface S3ErrorAnswer {
  readonly code: string | undefined;
  readonly message: string | undefined;
  /** The bucket's region, where S3 names it. */
  readonly region: string | undefined;
  /** S3's clock and that of the request, where S3 complains about their difference. */
  readonly serverTime?: string;
  readonly requestTime?: string;
}

export interface CompletionAnswer {
  readonly etag: string;
  readonly checksum?: Checksum;
}

/** Undefined when the body is not an S3 error; a complete can answer 200 and still be one. */
export function readS3Error(body: string): S3ErrorAnswer | undefined {
  const error = /<Error(?:\s[^>]*)?>([\s\S]*)/.exec(body)?.[1];
  if (error === undefined) return undefined;
  return {
    code: elementIn(error, "Code"),
    message: elementIn(error, "Message"),
    region: elementIn(error, "Region"),
    ...timesIn(error),
  };
}

function timesIn(error: string): Pick<S3ErrorAnswer, "serverTime" | "requestTime"> {
  const serverTime = elementIn(error, "ServerTime");
  const requestTime = elementIn(error, "RequestTime");
  return { ...(serverTime === undefined ? {} : { serverTime }), ...(requestTime === undefined ? {} : { requestTime }) };
}

/** The upload id; undefined when the body is not the answer to a create. */
export function readCreation(body: string): string | undefined {
  const result = resultIn(body, "InitiateMultipartUploadResult");
  return result === undefined ? undefined : elementIn(result, "UploadId");
}

/** Undefined when the body is not the answer to a complete, for instance because it was cut off. */
export function readCompletion(body: string): CompletionAnswer | undefined {
  const result = resultIn(body, "CompleteMultipartUploadResult");
  const etag = result === undefined ? undefined : elementIn(result, "ETag");
  if (result === undefined || etag === undefined) return undefined;
  const checksum = checksumIn(result);
  return { etag, ...(checksum === undefined ? {} : { checksum }) };
}

/** What stands in the outermost element, if that is whole. */
function resultIn(body: string, name: string): string | undefined {
  return new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*)</${name}>`).exec(body)?.[1];
}

function checksumIn(result: string): Checksum | undefined {
  for (const algorithm of checksumAlgorithms) {
    const value = elementIn(result, `Checksum${algorithm}`);
    if (value !== undefined) return { algorithm, value };
  }
  return undefined;
}

function elementIn(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text === undefined || text === "" ? undefined : unescapeXml(text);
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (whole, decimal, hex, name: string) => {
    if (name !== undefined) return entities[name] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
