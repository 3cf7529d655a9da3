import type { ChecksumAlgorithm, CompletedPart } from "../protocol/messages.ts";

const elementOf: Record<ChecksumAlgorithm, string> = {
  CRC32: "ChecksumCRC32",
  CRC32C: "ChecksumCRC32C",
  CRC64NVME: "ChecksumCRC64NVME",
  SHA1: "ChecksumSHA1",
  SHA256: "ChecksumSHA256",
};

/** The XML body of CompleteMultipartUpload; `parts` in ascending order of their numbers. */
export function completionBody(parts: readonly CompletedPart[], algorithm: ChecksumAlgorithm | undefined): string {
  const entries = parts.map((part) => `<Part>${partEntry(part, algorithm)}</Part>`).join("");
  return `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${entries}</CompleteMultipartUpload>`;
}

function partEntry({ partNumber, etag, checksum }: CompletedPart, algorithm: ChecksumAlgorithm | undefined): string {
  const element = algorithm === undefined || checksum === undefined ? undefined : elementOf[algorithm];
  return [
    `<PartNumber>${partNumber}</PartNumber><ETag>${escapeXml(etag)}</ETag>`,
    element === undefined ? "" : `<${element}>${escapeXml(checksum ?? "")}</${element}>`,
  ].join("");
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
