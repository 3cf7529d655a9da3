/** What a request's headers promise about its body. Source: "Checking object integrity in Amazon S3". */
import { type ChecksumAlgorithm, checksumAlgorithmNamed, isChecksumValue } from "./checksum.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { type S3Error, s3Error } from "./s3-error.ts";

const PREFIX = "x-amz-checksum-";

/** Headers that begin like a checksum and hold none. */
const otherHeaders: readonly string[] = ["algorithm", "type", "mode"].map((name) => PREFIX + name);

/** Algorithms that S3 knows and the sandbox does not. */
const unimplemented: readonly string[] = ["md5", "sha512", "xxhash3", "xxhash64", "xxhash128"].map(
  (name) => PREFIX + name,
);

/** Lower-case names. The fields of a browser's form are read in the same way. */
type Headers = ReceivedRequest["headers"];

/** A checksum that the client announced: its value, or that it comes in the trailer. */
export type AnnouncedChecksum =
  | { readonly algorithm: ChecksumAlgorithm; readonly place: "header"; readonly value: string }
  | { readonly algorithm: ChecksumAlgorithm; readonly place: "trailer" };

/**
 * Only headers count: S3 does not act on a checksum that a signer hoisted into the query of a presigned URL.
 * @throws S3Error InvalidRequest, NotImplemented
 */
export function announcedChecksum(headers: Headers): AnnouncedChecksum | undefined {
  const values = Object.entries(headers)
    .filter(([name]) => name.startsWith(PREFIX) && !otherHeaders.includes(name))
    .map(([name, value]) => ({ name, value, algorithm: algorithmOfHeader(name) }));
  const trailers = announcedTrailers(headers).map((name) => algorithmOfTrailer(name));
  if (values.length > 1 || trailers.length > 1) {
    throw invalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
  }
  const [header] = values;
  const [trailer] = trailers;
  if (header !== undefined && trailer !== undefined) throw invalidRequest("Expecting a single x-amz-checksum- header");
  const announced: AnnouncedChecksum | undefined =
    header !== undefined
      ? { algorithm: header.algorithm, place: "header", value: header.value }
      : trailer && { algorithm: trailer, place: "trailer" };
  refuseOtherAlgorithm(headers, announced?.algorithm);
  if (announced?.place === "header" && !isChecksumValue(announced.algorithm, announced.value)) {
    throw invalidRequest(`Value for ${checksumHeader(announced.algorithm)} header is invalid.`);
  }
  return announced;
}

/** `x-amz-checksum-crc32` */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return PREFIX + algorithm.toLowerCase();
}

/**
 * Content-MD5 as hex, undefined when there is none.
 * @throws S3Error InvalidDigest
 */
export function contentMd5(headers: Headers): string | undefined {
  const text = headers["content-md5"];
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== 16 || bytes.toString("base64") !== text) throw s3Error("InvalidDigest", { "Content-MD5": text });
  return bytes.toString("hex");
}

/** Lower-case names out of `x-amz-trailer`; commas at its end mean nothing. */
function announcedTrailers(headers: Headers): readonly string[] {
  const text = headers["x-amz-trailer"]?.trim().replace(/,+$/, "") ?? "";
  return text === "" ? [] : text.split(",").map((name) => name.trim().toLowerCase());
}

function algorithmOfHeader(name: string): ChecksumAlgorithm {
  const algorithm = algorithmOf(name);
  if (algorithm === undefined) {
    throw invalidRequest("The algorithm type you specified in x-amz-checksum- header is invalid.");
  }
  return algorithm;
}

function algorithmOfTrailer(name: string): ChecksumAlgorithm {
  const algorithm = name.startsWith(PREFIX) ? algorithmOf(name) : undefined;
  if (algorithm === undefined) throw invalidRequest("The value specified in the x-amz-trailer header is not supported");
  return algorithm;
}

function algorithmOf(name: string): ChecksumAlgorithm | undefined {
  if (unimplemented.includes(name)) throw s3Error("NotImplemented", { Header: name });
  return checksumAlgorithmNamed(name.slice(PREFIX.length));
}

function refuseOtherAlgorithm(headers: Headers, announced: ChecksumAlgorithm | undefined): void {
  const declared = headers["x-amz-sdk-checksum-algorithm"];
  if (declared === undefined) return;
  if (announced === undefined) {
    throw invalidRequest(
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    );
  }
  if (declared.toUpperCase() !== announced) {
    throw invalidRequest("Value for x-amz-sdk-checksum-algorithm header is invalid.");
  }
}

function invalidRequest(message: string): S3Error {
  return s3Error("InvalidRequest", {}, { message });
}
