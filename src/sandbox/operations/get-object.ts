import { decideRead } from "../conditional.ts";
import type { S3Answer, StorageContext } from "../context.ts";
import { notImitated } from "../operation.ts";
import { type ByteRange, parseRange, stretchesOf } from "../range.ts";
import { s3Error } from "../s3-error.ts";
import { quoted, type StoredObject } from "../stored-object.ts";
import { checksumHeaders, encryptionHeader, httpDate } from "./answers.ts";

type Headers = Readonly<Record<string, string>>;

/** What of an object is read, and what an answer says of it. */
interface Selection {
  readonly status: 200 | 206;
  readonly range: ByteRange;
  readonly headers: Headers;
}

/** `HeadObject` too: the server leaves the body out. */
export async function getObject(context: StorageContext): Promise<S3Answer> {
  const { request, key, operation } = context;
  const bucket = context.buckets.find(context.bucket);
  const object = bucket.objects.get(key);
  if (object === undefined) throw s3Error("NoSuchKey", { Key: key });
  if (request.headers["if-range"] !== undefined) throw notImitated("If-Range", { Header: "If-Range" });
  if (decideRead(request.headers, object) === "notModified") {
    return { status: 304, headers: { etag: quoted(object.etag), "last-modified": httpDate(object.lastModified) } };
  }

  const { status, range, headers } = select(context, object);
  const answer = {
    status,
    headers: {
      ...describe(object),
      ...headers,
      ...overrides(request.query),
      "content-length": String(range.end - range.start),
    },
  };
  if (operation === "HeadObject") return answer;
  return { ...answer, body: bucket.files.read(stretchesOf(object.parts, range)) };
}

function select({ request }: StorageContext, object: StoredObject): Selection {
  const partNumber = request.query.get("partNumber");
  if (partNumber !== undefined) {
    if (request.headers.range !== undefined) {
      throw s3Error(
        "InvalidRequest",
        {},
        { message: "Cannot specify both Range header and partNumber query parameter" },
      );
    }
    return selectPart(object, partNumber);
  }
  const range = parseRange(request.headers.range, object.size);
  if (range !== undefined) return { status: 206, range, headers: contentRange(range, object) };
  // the checksum is that of all bytes: beside some of them it would only be wrong
  const { algorithm, value, type } = object.checksum;
  const wantsChecksum = request.headers["x-amz-checksum-mode"]?.toUpperCase() === "ENABLED";
  return {
    status: 200,
    range: { start: 0, end: object.size },
    headers: wantsChecksum ? checksumHeaders(algorithm, value, type) : {},
  };
}

/** Parts are counted as the object has them, whatever numbers they were uploaded under. */
function selectPart(object: StoredObject, partNumber: string): Selection {
  const index = Number(partNumber) - 1;
  if (!/^\d{1,5}$/.test(partNumber) || index < 0 || index >= 10_000) {
    throw s3Error(
      "InvalidArgument",
      { ArgumentName: "partNumber", ArgumentValue: partNumber },
      { message: "Part number must be an integer between 1 and 10000, inclusive" },
    );
  }
  const part = object.parts[index];
  if (part === undefined) {
    throw s3Error("InvalidPartNumber", {
      PartNumberRequested: partNumber,
      ActualPartCount: String(object.parts.length),
    });
  }
  const start = object.parts.slice(0, index).reduce((sum, { size }) => sum + size, 0);
  const range = { start, end: start + part.size };
  const count = object.multipart ? { "x-amz-mp-parts-count": String(object.parts.length) } : {};
  return { status: 206, range, headers: { ...(part.size > 0 ? contentRange(range, object) : {}), ...count } };
}

function contentRange({ start, end }: ByteRange, { size }: StoredObject): Headers {
  return { "content-range": `bytes ${start}-${end - 1}/${size}` };
}

function describe({ description, etag, lastModified }: StoredObject): Headers {
  const { headers, metadata, storageClass, tags } = description;
  return {
    ...headers,
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
    etag: quoted(etag),
    "last-modified": httpDate(lastModified),
    "accept-ranges": "bytes",
    ...encryptionHeader,
    ...(storageClass === "STANDARD" ? {} : { "x-amz-storage-class": storageClass }),
    ...(tags.length === 0 ? {} : { "x-amz-tagging-count": String(tags.length) }),
  };
}

/** `response-content-type` and the like: only signed requests may ask for them, and only signed ones get here. */
function overrides(query: ReadonlyMap<string, string>): Headers {
  const members = [...query].filter(([name]) => name.startsWith("response-"));
  for (const [name, value] of members) {
    // what cannot stand in a header would break the answer, or smuggle another header into it
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw s3Error(
        "InvalidArgument",
        { ArgumentName: name, ArgumentValue: value },
        { message: "Header value cannot be represented using ISO-8859-1." },
      );
    }
  }
  return Object.fromEntries(members.map(([name, value]) => [name.slice("response-".length), value]));
}
