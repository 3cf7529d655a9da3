import type { S3Answer, StorageContext } from "../context.ts";
import { notImitated } from "../operation.ts";
import { s3Error } from "../s3-error.ts";
import { childrenOf, childText, malformed, parseXml, type XmlElement } from "../xml.ts";
import { xmlAnswer } from "./answers.ts";

/** S3's limits for one request. */
const maxObjects = 1000;
const maxDocumentBytes = 2 * 1024 ** 2;

/** 204 also when there was nothing to delete. */
export async function deleteObject({ request, bucket: name, key, buckets }: StorageContext): Promise<S3Answer> {
  const condition = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"].find(
    (header) => request.headers[header] !== undefined,
  );
  if (condition !== undefined) throw notImitated(`${condition} on DeleteObject`, { Header: condition });
  const bucket = buckets.find(name);
  await bucket.objects.remove(key, bucket.files);
  return { status: 204 };
}

export async function deleteObjects(context: StorageContext): Promise<S3Answer> {
  const bucket = context.buckets.find(context.bucket);
  requireDigest(context.request.headers);
  const document = parseXml(await context.readText(maxDocumentBytes), "Delete");
  const keys = readKeys(document);
  for (const key of keys) await bucket.objects.remove(key, bucket.files);
  const quiet = childText(document, "Quiet")?.trim() === "true";
  return xmlAnswer("DeleteResult", quiet ? "" : keys.map((key) => ["Deleted", [["Key", key]]] as const));
}

function readKeys(document: XmlElement): readonly string[] {
  const objects = childrenOf(document, "Object");
  if (objects.length === 0 || objects.length > maxObjects) throw malformed();
  return objects.map((object) => {
    const other = object.children.find(({ name }) => name !== "Key");
    if (other !== undefined) throw notImitated(`${other.name} in DeleteObjects`);
    const key = childText(object, "Key");
    if (key === undefined || key === "") throw malformed();
    return key;
  });
}

/** S3 deletes many objects only for a list that cannot have been damaged on its way. */
function requireDigest(headers: Readonly<Record<string, string>>): void {
  const hasDigest = Object.keys(headers).some(
    (name) => name === "content-md5" || name === "x-amz-trailer" || /^x-amz-checksum-(crc|sha)/.test(name),
  );
  if (!hasDigest) {
    throw s3Error("InvalidRequest", {}, { message: "Missing required header for this request: Content-MD5" });
  }
}
