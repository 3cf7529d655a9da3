/**
 * How other stores answer where they differ from S3, as their makers and those who met them tell: for tests of a client
 * that has to know. Written from those reports, not from the client's own table (`signing/store-quirks.ts`).
 */
import type { S3Answer } from "./context.ts";
import type { S3Operation } from "./operation.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { type S3Error, s3Error } from "./s3-error.ts";

export type StoreManner = "r2" | "b2" | "gcs";

/** @throws S3Error as that store would answer */
export function refuseLike(manner: StoreManner | undefined, operation: S3Operation, request: ReceivedRequest): void {
  const { headers } = request;
  const writes = operation === "PutObject" || operation === "CompleteMultipartUpload";
  switch (manner) {
    case "b2": {
      const unsupported = namesIn(headers, /^x-amz-(checksum-|sdk-checksum|tagging|mp-object-size)/);
      if (unsupported !== undefined) throw invalid(`Unsupported header '${unsupported}' received for this API call.`);
      if (writes && namesIn(headers, /^if-(none-)?match$/) !== undefined) throw s3Error("NotImplemented");
      return;
    }
    case "gcs":
      if (namesIn(headers, /^x-amz-(checksum-|sdk-checksum)/) !== undefined) {
        throw s3Error("ExcessHeaderValues");
      }
      return;
    case "r2": {
      const unimplemented = namesIn(
        headers,
        /^x-amz-(tagging|acl|grant-.*|server-side-encryption|expected-bucket-owner|mp-object-size)$/,
      );
      if (unimplemented !== undefined) throw s3Error("NotImplemented", { Header: unimplemented });
      const isCrc32 = /^crc32c?$/i.test(headers["x-amz-checksum-algorithm"] ?? "");
      if (isCrc32 && headers["x-amz-checksum-type"] === "FULL_OBJECT") throw s3Error("NotImplemented");
      return;
    }
    case undefined:
      return;
  }
}

/** R2 wants all parts but the last of one size. @throws S3Error */
export function refuseSizesLike(manner: StoreManner | undefined, sizes: readonly number[]): void {
  if (manner !== "r2") return;
  const [first = 0, ...others] = sizes;
  const last = others.pop() ?? 0;
  if (others.every((size) => size === first) && last <= first) return;
  throw s3Error("InvalidPart", {}, { message: "All non-trailing parts must have the same length." });
}

/** Two of the stores know no checksums, so their answers hold none. */
export function answerLike(manner: StoreManner | undefined, answer: S3Answer): S3Answer {
  if (manner !== "b2" && manner !== "gcs") return answer;
  const { headers = {}, body } = answer;
  return {
    ...answer,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith("x-amz-checksum-"))),
    ...(typeof body === "string" ? { body: body.replace(/<(Checksum\w*)>[^<]*<\/\1>/g, "") } : {}),
  };
}

function namesIn(headers: ReceivedRequest["headers"], pattern: RegExp): string | undefined {
  return Object.keys(headers).find((name) => pattern.test(name));
}

function invalid(message: string): S3Error {
  return s3Error("InvalidArgument", {}, { message });
}
