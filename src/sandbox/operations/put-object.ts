import { unconditional, writeCondition } from "../conditional.ts";
import type { S3Answer, StorageContext } from "../context.ts";
import { describeObject, refuseAcl } from "../object-description.ts";
import { s3Error } from "../s3-error.ts";
import { quoted, type StoredObject } from "../stored-object.ts";
import { storedContentEncoding } from "../verified-body.ts";
import { xmlDocument } from "../xml.ts";
import { encryptionHeader, storedHeaders } from "./answers.ts";
import {
  DEFAULT_CHECKSUM,
  keepObject,
  MAX_PUT_BYTES,
  missingChecksums,
  onePieceObject,
  storeBody,
} from "./store-object.ts";

export async function putObject(context: StorageContext): Promise<S3Answer> {
  const { request, key, caller } = context;
  const bucket = context.buckets.find(context.bucket);
  refuseAcl(request.headers, await context.settings.ownership(bucket.name));
  const description = describeObject(request.headers, storedContentEncoding(request, caller));
  const condition = writeCondition(request.headers, key);
  condition.check(bucket.objects.get(key));

  const body = context.body({ also: missingChecksums(request.headers), lengthRequired: true, maxSize: MAX_PUT_BYTES });
  const object = await storeBody(bucket, body, (stored) => {
    const made = onePieceObject(key, stored, description, context.now());
    return keepObject(bucket, made, condition);
  });
  return { status: 200, headers: storedHeaders(object) };
}

/** A browser's form: what `putObject` reads from headers stands in its fields. */
export async function postObject(context: StorageContext): Promise<S3Answer> {
  const bucket = context.buckets.find(context.bucket);
  const form = await context.form({ also: [DEFAULT_CHECKSUM], maxSize: MAX_PUT_BYTES });
  const fields = Object.fromEntries(form.fields);
  const size = Buffer.byteLength(form.key);
  if (size > 1024) throw s3Error("KeyTooLongError", { Size: String(size), MaxSizeAllowed: "1024" });
  refuseAcl(
    { ...fields, ...(fields.acl === undefined ? {} : { "x-amz-acl": fields.acl }) },
    await context.settings.ownership(bucket.name),
  );
  const description = describeObject(fields, fields["content-encoding"]);

  const object = await storeBody(bucket, form.file, (stored) => {
    const made = onePieceObject(form.key, stored, description, context.now());
    return keepObject(bucket, made, unconditional);
  });
  return formAnswer(context, object, form.successStatus, form.successRedirect);
}

function formAnswer(
  { request, bucket }: StorageContext,
  object: StoredObject,
  status: 200 | 201 | 204,
  redirect: string | undefined,
): S3Answer {
  const etag = quoted(object.etag);
  const location = `http://${request.headers.host ?? "localhost"}/${bucket}/${encodeURIComponent(object.key)}`;
  const headers = { etag, location, ...encryptionHeader };
  if (redirect !== undefined) {
    const target = new URL(redirect);
    for (const [name, value] of [
      ["bucket", bucket],
      ["key", object.key],
      ["etag", etag],
    ] as const) {
      target.searchParams.set(name, value);
    }
    return { status: 303, headers: { ...headers, location: target.href } };
  }
  if (status !== 201) return { status, headers };
  const content = [
    ["Location", location],
    ["Bucket", bucket],
    ["Key", object.key],
    ["ETag", etag],
  ] as const;
  return {
    status,
    headers: { ...headers, "content-type": "application/xml" },
    body: xmlDocument("PostResponse", content, ""),
  };
}
