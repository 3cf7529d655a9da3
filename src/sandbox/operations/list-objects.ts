import type { Bucket } from "../bucket-store.ts";
import type { S3Answer, StorageContext } from "../context.ts";
import { type ListingPage, listKeys } from "../listing.ts";
import { notImitated } from "../operation.ts";
import { s3Error } from "../s3-error.ts";
import { quoted } from "../stored-object.ts";
import type { XmlContent } from "../xml.ts";
import { owner, xmlAnswer } from "./answers.ts";
import { keyEncoding, readLimit } from "./list-parameters.ts";

/** The older list, which goes on after a key. */
export async function listObjects(context: StorageContext): Promise<S3Answer> {
  const { query } = context.request;
  const { bucket, page, limit, encode, prefix, delimiter } = listPage(context, query.get("marker") ?? "");
  return xmlAnswer("ListBucketResult", [
    ["Name", bucket.name],
    ["Prefix", encode(prefix)],
    ["Marker", encode(query.get("marker") ?? "")],
    // without a delimiter the last key says where to go on
    ["NextMarker", page.next === undefined || delimiter === undefined ? undefined : encode(page.next)],
    ["MaxKeys", limit],
    ["Delimiter", delimiter === undefined ? undefined : encode(delimiter)],
    ["EncodingType", query.get("encoding-type")],
    ["IsTruncated", page.next !== undefined],
    ...contents(bucket, page, encode, true),
    ...commonPrefixes(page, encode),
  ]);
}

/** The newer list, which goes on with a token. */
export async function listObjectsV2(context: StorageContext): Promise<S3Answer> {
  const { query } = context.request;
  const token = query.get("continuation-token");
  const startAfter = query.get("start-after");
  const after = token === undefined ? (startAfter ?? "") : readToken(token);
  const { bucket, page, limit, encode, prefix, delimiter } = listPage(context, after);
  return xmlAnswer("ListBucketResult", [
    ["Name", bucket.name],
    ["Prefix", encode(prefix)],
    ["StartAfter", startAfter === undefined || token !== undefined ? undefined : encode(startAfter)],
    ["ContinuationToken", token],
    ["NextContinuationToken", page.next === undefined ? undefined : writeToken(page.next)],
    ["KeyCount", page.keys.length + page.commonPrefixes.length],
    ["MaxKeys", limit],
    ["Delimiter", delimiter === undefined ? undefined : encode(delimiter)],
    ["EncodingType", query.get("encoding-type")],
    ["IsTruncated", page.next !== undefined],
    ...contents(bucket, page, encode, query.get("fetch-owner") === "true"),
    ...commonPrefixes(page, encode),
  ]);
}

function listPage({ request, bucket: name, buckets }: StorageContext, after: string) {
  const bucket = buckets.find(name);
  const wish = request.headers["x-amz-optional-object-attributes"];
  if (wish !== undefined && wish !== "RestoreStatus") throw notImitated(`the attribute ${wish} in a list`);
  const prefix = request.query.get("prefix") ?? "";
  const delimiter = request.query.get("delimiter") || undefined;
  const limit = readLimit(request.query.get("max-keys"), "max-keys");
  const page = listKeys(bucket.objects.keys(), { prefix, delimiter: delimiter ?? "", after, limit });
  return { bucket, page, limit, encode: keyEncoding(request.query), prefix, delimiter };
}

type Encode = (key: string) => string;
type Entries = readonly (readonly [name: string, content: XmlContent])[];

function contents({ objects }: Bucket, { keys }: ListingPage, encode: Encode, withOwner: boolean): Entries {
  return keys.flatMap((key) => {
    const object = objects.get(key);
    if (object === undefined) return [];
    const entry: XmlContent = [
      ["Key", encode(key)],
      ["LastModified", object.lastModified],
      ["ETag", quoted(object.etag)],
      ["ChecksumAlgorithm", object.checksum.algorithm],
      ["ChecksumType", object.checksum.type],
      ["Size", object.size],
      ["Owner", withOwner ? owner : undefined],
      ["StorageClass", object.description.storageClass],
    ];
    return [["Contents", entry] as const];
  });
}

function commonPrefixes(page: ListingPage, encode: Encode): Entries {
  return page.commonPrefixes.map((prefix) => ["CommonPrefixes", [["Prefix", encode(prefix)]]]);
}

/** The token is opaque, so that no client takes it for a key. */
function writeToken(key: string): string {
  return Buffer.from(`after ${key}`).toString("base64url");
}

function readToken(token: string): string {
  const text = Buffer.from(token, "base64url").toString();
  if (text.startsWith("after ")) return text.slice("after ".length);
  throw s3Error(
    "InvalidArgument",
    { ArgumentName: "continuation-token", ArgumentValue: token },
    { message: "The continuation token provided is incorrect" },
  );
}
