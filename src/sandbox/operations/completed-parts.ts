/** The list of parts that a client completes an upload with, held against the parts that are there. */
import type { ChecksumAlgorithm } from "../checksum.ts";
import { checksumAlgorithms } from "../checksum.ts";
import type { MultipartUpload } from "../multipart-store.ts";
import { s3Error } from "../s3-error.ts";
import { quoted, type StoredPart } from "../stored-object.ts";
import { childrenOf, childText, malformed, parseXml, type XmlElement } from "../xml.ts";
import { checksumElement } from "./answers.ts";

/** S3's limits: parts of an upload, and bytes of every part but the last. */
const maxParts = 10_000;
const minPartBytes = 5 * 1024 ** 2;

export interface CompletedPart {
  readonly partNumber: number;
  /** Without quotation marks. */
  readonly etag: string;
  readonly checksums: Readonly<Partial<Record<ChecksumAlgorithm, string>>>;
}

/** @throws S3Error `MalformedXML`, `InvalidArgument`, `InvalidPartOrder` */
export function parseCompletedParts(text: string): readonly CompletedPart[] {
  const elements = childrenOf(parseXml(text, "CompleteMultipartUpload"), "Part");
  if (elements.length === 0 || elements.length > maxParts) throw malformed();
  const parts = elements.map(readPart);
  const ascending = parts.every(
    ({ partNumber }, index) => index === 0 || partNumber > (parts[index - 1]?.partNumber ?? 0),
  );
  if (!ascending) throw s3Error("InvalidPartOrder");
  return parts;
}

function readPart(element: XmlElement): CompletedPart {
  const number = childText(element, "PartNumber")?.trim() ?? "";
  const etag = childText(element, "ETag")?.trim();
  if (!/^\d+$/.test(number) || etag === undefined) throw malformed();
  const partNumber = Number(number);
  if (partNumber < 1 || partNumber > maxParts) {
    const message = "PartNumber must be >= 1 and <= 10000";
    throw s3Error("InvalidArgument", { ArgumentName: "partNumber", ArgumentValue: number }, { message });
  }
  const values = checksumAlgorithms.map((algorithm) => [
    algorithm,
    childText(element, checksumElement(algorithm))?.trim(),
  ]);
  return {
    partNumber,
    etag: etag.replace(/^"(.*)"$/, "$1"),
    checksums: Object.fromEntries(values.filter(([, value]) => value !== undefined)),
  };
}

/**
 * The stored parts that the client named, in its order.
 * @throws S3Error `InvalidPart`, `InvalidRequest`, `EntityTooSmall`
 */
export function matchParts(
  upload: MultipartUpload,
  named: readonly CompletedPart[],
  stored: readonly StoredPart[],
): readonly StoredPart[] {
  const byNumber = new Map(stored.map((part) => [part.partNumber, part]));
  if (upload.checksum?.type === "COMPOSITE") requireChecksums(upload.checksum.algorithm, named);
  const matched = named.map((part) => {
    const found = byNumber.get(part.partNumber);
    if (found === undefined || !isSame(part, found)) {
      throw s3Error("InvalidPart", { UploadId: upload.uploadId, PartNumber: String(part.partNumber), ETag: part.etag });
    }
    return found;
  });
  requireSizes(matched.slice(0, -1));
  return matched;
}

function isSame({ etag, checksums }: CompletedPart, stored: StoredPart): boolean {
  const algorithms = Object.keys(checksums) as ChecksumAlgorithm[];
  return etag === stored.etag && algorithms.every((algorithm) => checksums[algorithm] === stored.checksums[algorithm]);
}

/** A checksum of checksums says nothing to a client that does not say which ones it means. */
function requireChecksums(algorithm: ChecksumAlgorithm, named: readonly CompletedPart[]): void {
  const missing = named.find(({ checksums }) => checksums[algorithm] === undefined);
  if (missing === undefined) return;
  const message = `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${missing.partNumber} in the request.`;
  throw s3Error("InvalidRequest", {}, { message });
}

function requireSizes(allButLast: readonly StoredPart[]): void {
  const small = allButLast.find(({ size }) => size < minPartBytes);
  if (small === undefined) return;
  throw s3Error("EntityTooSmall", {
    ETag: quoted(small.etag),
    MinSizeAllowed: String(minPartBytes),
    PartNumber: String(small.partNumber),
    ProposedSize: String(small.size),
  });
}
