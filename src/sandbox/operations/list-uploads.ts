import type { S3Answer, StorageContext } from "../context.ts";
import type { MultipartUpload } from "../multipart-store.ts";
import { sortByBytes } from "../object-store.ts";
import { owner, xmlAnswer } from "./answers.ts";
import { keyEncoding, readLimit } from "./list-parameters.ts";

interface UploadsPage {
  readonly uploads: readonly MultipartUpload[];
  readonly commonPrefixes: readonly string[];
  /** Where the next page begins: after this key and upload. Undefined on the last page. */
  readonly next: { readonly key: string; readonly uploadId: string } | undefined;
}

export async function listMultipartUploads({ request, bucket: name, buckets }: StorageContext): Promise<S3Answer> {
  const { query } = request;
  const encode = keyEncoding(query);
  const limit = readLimit(query.get("max-uploads"), "max-uploads");
  const [prefix, delimiter] = [query.get("prefix") ?? "", query.get("delimiter") || undefined];
  const [keyMarker, uploadIdMarker] = [query.get("key-marker") ?? "", query.get("upload-id-marker") ?? ""];
  const rest = remaining(buckets.find(name).uploads.all(), keyMarker, uploadIdMarker);
  const page = rollUp(
    rest.filter(({ key }) => key.startsWith(prefix)),
    prefix,
    delimiter,
    keyMarker,
    limit,
  );
  return xmlAnswer("ListMultipartUploadsResult", [
    ["Bucket", name],
    ["KeyMarker", encode(keyMarker)],
    ["UploadIdMarker", uploadIdMarker],
    ["NextKeyMarker", page.next && encode(page.next.key)],
    ["NextUploadIdMarker", page.next?.uploadId],
    ["Delimiter", delimiter && encode(delimiter)],
    ["Prefix", encode(prefix)],
    ["EncodingType", query.get("encoding-type")],
    ["MaxUploads", limit],
    ["IsTruncated", page.next !== undefined],
    ...page.uploads.map((upload) => ["Upload", entryOf(upload, encode)] as const),
    ...page.commonPrefixes.map((common) => ["CommonPrefixes", [["Prefix", encode(common)]]] as const),
  ]);
}

/** In the order of keys, the uploads of one key in the order of their age; without those of earlier pages. */
function remaining(
  all: readonly MultipartUpload[],
  keyMarker: string,
  uploadIdMarker: string,
): readonly MultipartUpload[] {
  const keys = sortByBytes([...new Set([keyMarker, ...all.map(({ key }) => key)])]);
  const ranks = new Map(keys.map((key, rank) => [key, rank]));
  const rankOf = (key: string) => ranks.get(key) ?? 0;
  return all
    .filter(({ key, uploadId }) => {
      // a key marker alone says that all uploads of that key were listed
      if (key === keyMarker) return uploadIdMarker !== "" && uploadId > uploadIdMarker;
      return rankOf(key) > rankOf(keyMarker);
    })
    .toSorted((one, other) => rankOf(one.key) - rankOf(other.key) || (one.uploadId < other.uploadId ? -1 : 1));
}

function rollUp(
  sorted: readonly MultipartUpload[],
  prefix: string,
  delimiter: string | undefined,
  keyMarker: string,
  limit: number,
): UploadsPage {
  const uploads: MultipartUpload[] = [];
  const commonPrefixes: string[] = [];
  let last = { key: "", uploadId: "" };
  for (const upload of sorted) {
    const end = delimiter === undefined ? -1 : upload.key.indexOf(delimiter, prefix.length);
    const common = end < 0 ? undefined : upload.key.slice(0, end + (delimiter?.length ?? 0));
    if (common !== undefined && (common === keyMarker || common === commonPrefixes.at(-1))) continue;
    if (uploads.length + commonPrefixes.length >= limit)
      return { uploads, commonPrefixes, next: limit === 0 ? undefined : last };
    if (common === undefined) uploads.push(upload);
    else commonPrefixes.push(common);
    last = common === undefined ? upload : { key: common, uploadId: "" };
  }
  return { uploads, commonPrefixes, next: undefined };
}

function entryOf(
  { key, uploadId, initiated, description, checksum }: MultipartUpload,
  encode: (key: string) => string,
) {
  return [
    ["Key", encode(key)],
    ["UploadId", uploadId],
    ["Initiator", owner],
    ["Owner", owner],
    ["StorageClass", description.storageClass],
    ["Initiated", initiated],
    ["ChecksumAlgorithm", checksum?.algorithm],
    ["ChecksumType", checksum?.type],
  ] as const;
}
