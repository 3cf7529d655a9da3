import type { S3Answer, StorageContext } from "../context.ts";
import { quoted } from "../stored-object.ts";
import { checksumElement, owner, xmlAnswer } from "./answers.ts";
import { readLimit, readWholeNumber } from "./list-parameters.ts";

export async function listParts({ request, bucket: name, key, buckets }: StorageContext): Promise<S3Answer> {
  const { query } = request;
  const { uploads } = buckets.find(name);
  const uploadId = query.get("uploadId") ?? "";
  const { checksum, description } = uploads.find(uploadId, key);
  const limit = readLimit(query.get("max-parts"), "max-parts");
  const after = readWholeNumber(query.get("part-number-marker") || "0", "part-number-marker");
  const rest = uploads.parts(uploadId, key).filter(({ partNumber }) => partNumber > after);
  const page = rest.slice(0, limit);
  return xmlAnswer("ListPartsResult", [
    ["Bucket", name],
    ["Key", key],
    ["UploadId", uploadId],
    ["Initiator", owner],
    ["Owner", owner],
    ["StorageClass", description.storageClass],
    ["PartNumberMarker", after],
    ["NextPartNumberMarker", page.at(-1)?.partNumber ?? 0],
    ["MaxParts", limit],
    ["IsTruncated", page.length > 0 && page.length < rest.length],
    ["ChecksumAlgorithm", checksum?.algorithm],
    ["ChecksumType", checksum?.type],
    ...page.map((part) => {
      const value = checksum && part.checksums[checksum.algorithm];
      const entry = [
        ["PartNumber", part.partNumber],
        ["LastModified", part.lastModified],
        ["ETag", quoted(part.etag)],
        ["Size", part.size],
        ...(checksum === undefined ? [] : [[checksumElement(checksum.algorithm), value] as const]),
      ] as const;
      return ["Part", entry] as const;
    }),
  ]);
}
