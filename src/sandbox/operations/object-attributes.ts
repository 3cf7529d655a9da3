import type { S3Answer, StorageContext } from "../context.ts";
import { s3Error } from "../s3-error.ts";
import type { StoredObject } from "../stored-object.ts";
import type { XmlContent } from "../xml.ts";
import { checksumElement, httpDate, xmlAnswer } from "./answers.ts";
import { readLimit, readWholeNumber } from "./list-parameters.ts";

interface PartsPage {
  readonly limit: number;
  /** Parts up to and including this number were given before. */
  readonly after: number;
}

/** What each attribute says; undefined where the object has nothing of the kind. */
const attributes: Readonly<Record<string, (object: StoredObject, page: PartsPage) => XmlContent>> = {
  ETag: ({ etag }) => etag,
  Checksum: ({ checksum }) => [
    // here the composite checksum stands without the number of parts
    [checksumElement(checksum.algorithm), checksum.value.replace(/-\d+$/, "")],
    ["ChecksumType", checksum.type],
  ],
  ObjectParts: (object, page) => (object.multipart ? partsOf(object, page) : undefined),
  StorageClass: ({ description }) => description.storageClass,
  ObjectSize: ({ size }) => size,
};

export async function getObjectAttributes({ request, key, bucket, buckets }: StorageContext): Promise<S3Answer> {
  const object = buckets.find(bucket).objects.get(key);
  if (object === undefined) throw s3Error("NoSuchKey", { Key: key });
  const names = (request.headers["x-amz-object-attributes"] ?? "").split(",").map((name) => name.trim());
  const page = {
    limit: readLimit(request.headers["x-amz-max-parts"], "max-parts"),
    after: readWholeNumber(request.headers["x-amz-part-number-marker"] ?? "0", "part-number-marker"),
  };
  for (const name of names) {
    if (!Object.hasOwn(attributes, name)) {
      const details = { ArgumentName: "x-amz-object-attributes", ArgumentValue: name };
      throw s3Error("InvalidArgument", details, { message: "Invalid attribute name specified." });
    }
  }
  const content = Object.entries(attributes)
    .filter(([name]) => names.includes(name))
    .map(([name, say]) => [name, say(object, page)] as const);
  return xmlAnswer("GetObjectAttributesResponse", content, { "last-modified": httpDate(object.lastModified) });
}

/** The parts themselves only where each has a checksum that the client chose, as in S3. */
function partsOf({ parts, checksum }: StoredObject, { limit, after }: PartsPage): XmlContent {
  const numbered = parts.map((part, index) => ({ ...part, number: index + 1 }));
  const rest = numbered.filter(({ number }) => number > after);
  const page = checksum.type === "COMPOSITE" ? rest.slice(0, limit) : [];
  return [
    ["PartsCount", parts.length],
    ["PartNumberMarker", after],
    ["NextPartNumberMarker", page.at(-1)?.number ?? 0],
    ["MaxParts", limit],
    ["IsTruncated", page.length > 0 && page.length < rest.length],
    ...page.map(({ number, size, checksums }) => {
      const value = checksums[checksum.algorithm];
      return [
        "Part",
        [
          ["PartNumber", number],
          ["Size", size],
          [checksumElement(checksum.algorithm), value],
        ],
      ] as const;
    }),
  ];
}
