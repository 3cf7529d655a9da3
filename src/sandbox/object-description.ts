/** What a request that begins an object says about it: type, metadata, storage class, tags. */
import { notImitated } from "./operation.ts";
import { s3Error } from "./s3-error.ts";
import type { ObjectOwnership } from "./settings/bucket-settings.ts";
import type { ObjectDescription } from "./stored-object.ts";

type Headers = Readonly<Record<string, string>>;

/** Kept and given back as they came. */
const keptHeaders = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "expires",
];
const METADATA = "x-amz-meta-";

/** Names and values together, in bytes of UTF-8. */
const maxMetadataBytes = 2048;

/** Storage classes from which an object can be read at once; the archives would need RestoreObject. */
const storageClasses = [
  "STANDARD",
  "REDUCED_REDUNDANCY",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER_IR",
];
const otherStorageClasses = ["GLACIER", "DEEP_ARCHIVE", "OUTPOSTS", "SNOW", "EXPRESS_ONEZONE", "FSX_OPENZFS"];

/**
 * @param headers of the request, or the fields of a form
 * @param contentEncoding what of it is the object's own, without the framing of the request
 * @throws S3Error `MetadataTooLarge`, `InvalidStorageClass`, `InvalidTag`, `NotImplemented`
 */
export function describeObject(headers: Headers, contentEncoding: string | undefined): ObjectDescription {
  refuseEncryption(headers["x-amz-server-side-encryption"]);
  const kept = keptHeaders.filter((name) => name !== "content-encoding" && headers[name] !== undefined);
  return {
    headers: {
      "content-type": "binary/octet-stream",
      ...Object.fromEntries(kept.map((name) => [name, headers[name] ?? ""])),
      ...(contentEncoding === undefined ? {} : { "content-encoding": contentEncoding }),
    },
    metadata: readMetadata(headers),
    storageClass: readStorageClass(headers["x-amz-storage-class"]),
    tags: readTags(headers["x-amz-tagging"]),
  };
}

function readMetadata(headers: Headers): Headers {
  const entries = Object.entries(headers)
    .filter(([name]) => name.startsWith(METADATA))
    .map(([name, value]) => [name.slice(METADATA.length), value] as const);
  const size = entries.reduce((sum, entry) => sum + Buffer.byteLength(entry.join("")), 0);
  if (size > maxMetadataBytes) {
    throw s3Error("MetadataTooLarge", { Size: String(size), MaxSizeAllowed: String(maxMetadataBytes) });
  }
  return Object.fromEntries(entries);
}

function readStorageClass(header = "STANDARD"): string {
  if (storageClasses.includes(header)) return header;
  if (otherStorageClasses.includes(header)) throw notImitated(`the storage class ${header}`);
  throw s3Error("InvalidStorageClass", { StorageClassRequested: header });
}

function readTags(header = ""): ObjectDescription["tags"] {
  const tags = [...new URLSearchParams(header)];
  const names = new Set(tags.map(([name]) => name));
  if (tags.length > 10) throw s3Error("BadRequest", {}, { message: "Object tags cannot be greater than 10" });
  for (const [name, value] of tags) {
    if (name === "" || name.length > 128) throw s3Error("InvalidTag", { TagKey: name });
    if (value.length > 256) throw s3Error("InvalidTag", { TagKey: name, TagValue: value });
  }
  if (names.size < tags.length)
    throw s3Error("InvalidTag", {}, { message: "Cannot provide multiple Tags with the same key" });
  return tags;
}

/** Every object is said to be encrypted with S3's own keys, as it is on AWS; a key of somebody else's would be a lie. */
function refuseEncryption(header: string | undefined): void {
  if (header === undefined || header === "AES256") return;
  if (header.startsWith("aws:"))
    throw notImitated(`encryption with ${header}`, { Header: "x-amz-server-side-encryption" });
  throw s3Error(
    "InvalidArgument",
    { ArgumentName: "x-amz-server-side-encryption", ArgumentValue: header },
    { message: "The encryption method specified is not supported" },
  );
}

/**
 * ACLs of objects are not kept: they mean nothing where the bucket's owner owns everything, which is AWS's default.
 * @throws S3Error `AccessControlListNotSupported`, `NotImplemented`
 */
export function refuseAcl(headers: Headers, ownership: ObjectOwnership): void {
  const header = Object.keys(headers).find((name) => name === "x-amz-acl" || name.startsWith("x-amz-grant-"));
  if (header === undefined || headers[header] === "bucket-owner-full-control") return;
  if (ownership === "BucketOwnerEnforced") throw s3Error("AccessControlListNotSupported");
  if (headers[header] !== "private") throw notImitated("ACLs of objects", { Header: header });
}
