/** Which S3 operation a request is: decided by its method, its path and the names in its query. */
import { percentDecode, type ReceivedRequest } from "./received-request.ts";
import { s3Error } from "./s3-error.ts";

/** Operations on objects and uploads. `PostObject` is the browser's form. */
export type ObjectOperation =
  | "PutObject"
  | "PostObject"
  | "GetObject"
  | "HeadObject"
  | "CopyObject"
  | "DeleteObject"
  | "DeleteObjects"
  | "GetObjectAttributes"
  | "CreateMultipartUpload"
  | "UploadPart"
  | "UploadPartCopy"
  | "CompleteMultipartUpload"
  | "AbortMultipartUpload"
  | "ListParts";

export type BucketOperation =
  | "ListBuckets"
  | "CreateBucket"
  | "HeadBucket"
  | "DeleteBucket"
  | "GetBucketLocation"
  | "ListObjects"
  | "ListObjectsV2"
  | "ListMultipartUploads";

/** The `?cors`, `?policy`, … sub-resources of a bucket, and the account's public access block. */
export type SettingsOperation =
  | "GetBucketAcl"
  | "PutBucketAcl"
  | "GetBucketCors"
  | "PutBucketCors"
  | "DeleteBucketCors"
  | "GetBucketEncryption"
  | "PutBucketEncryption"
  | "DeleteBucketEncryption"
  | "GetBucketLifecycleConfiguration"
  | "PutBucketLifecycleConfiguration"
  | "DeleteBucketLifecycle"
  | "GetBucketLogging"
  | "PutBucketLogging"
  | "GetBucketNotificationConfiguration"
  | "PutBucketNotificationConfiguration"
  | "GetBucketOwnershipControls"
  | "PutBucketOwnershipControls"
  | "DeleteBucketOwnershipControls"
  | "GetBucketPolicy"
  | "PutBucketPolicy"
  | "DeleteBucketPolicy"
  | "GetBucketPolicyStatus"
  | "GetBucketTagging"
  | "PutBucketTagging"
  | "DeleteBucketTagging"
  | "GetBucketVersioning"
  | "PutBucketVersioning"
  | "GetBucketWebsite"
  | "PutBucketWebsite"
  | "DeleteBucketWebsite"
  | "GetPublicAccessBlock"
  | "PutPublicAccessBlock"
  | "DeletePublicAccessBlock"
  | "GetAccountPublicAccessBlock"
  | "PutAccountPublicAccessBlock"
  | "DeleteAccountPublicAccessBlock";

/** Everything that the sandbox knows. A request that is none of these is refused with 501. */
export type S3Operation = ObjectOperation | BucketOperation | SettingsOperation | "PreflightRequest";

export interface Target {
  readonly operation: S3Operation;
  /** Empty for `ListBuckets` and the account's settings. */
  readonly bucket: string;
  /** Empty for bucket operations. */
  readonly key: string;
}

type Level = "service" | "bucket" | "object";
type Method = "GET" | "HEAD" | "PUT" | "POST" | "DELETE";

interface Route {
  readonly operation: S3Operation;
  /** Query members that select it; all of them must be there. */
  readonly selectors: readonly string[];
  /** Further members that it understands. */
  readonly parameters: readonly string[];
}

const listing = ["prefix", "delimiter", "max-keys", "encoding-type"];
const responseOverrides = [
  "content-type",
  "content-language",
  "expires",
  "cache-control",
  "content-disposition",
  "content-encoding",
].map((name) => `response-${name}`);

const routes: Readonly<Record<Level, Readonly<Partial<Record<Method, readonly Route[]>>>>> = {
  service: { GET: [route("ListBuckets")] },
  bucket: {
    GET: [
      route("ListObjects", [], [...listing, "marker"]),
      route("ListObjectsV2", ["list-type"], [...listing, "continuation-token", "start-after", "fetch-owner"]),
      route(
        "ListMultipartUploads",
        ["uploads"],
        ["prefix", "delimiter", "max-uploads", "encoding-type", "key-marker", "upload-id-marker"],
      ),
      route("GetBucketLocation", ["location"]),
      route("GetBucketAcl", ["acl"]),
      route("GetBucketCors", ["cors"]),
      route("GetBucketEncryption", ["encryption"]),
      route("GetBucketLifecycleConfiguration", ["lifecycle"]),
      route("GetBucketLogging", ["logging"]),
      route("GetBucketNotificationConfiguration", ["notification"]),
      route("GetBucketOwnershipControls", ["ownershipControls"]),
      route("GetBucketPolicy", ["policy"]),
      route("GetBucketPolicyStatus", ["policyStatus"]),
      route("GetBucketTagging", ["tagging"]),
      route("GetBucketVersioning", ["versioning"]),
      route("GetBucketWebsite", ["website"]),
      route("GetPublicAccessBlock", ["publicAccessBlock"]),
    ],
    HEAD: [route("HeadBucket")],
    PUT: [
      route("CreateBucket"),
      route("PutBucketAcl", ["acl"]),
      route("PutBucketCors", ["cors"]),
      route("PutBucketEncryption", ["encryption"]),
      route("PutBucketLifecycleConfiguration", ["lifecycle"]),
      route("PutBucketLogging", ["logging"]),
      route("PutBucketNotificationConfiguration", ["notification"]),
      route("PutBucketOwnershipControls", ["ownershipControls"]),
      route("PutBucketPolicy", ["policy"]),
      route("PutBucketTagging", ["tagging"]),
      route("PutBucketVersioning", ["versioning"]),
      route("PutBucketWebsite", ["website"]),
      route("PutPublicAccessBlock", ["publicAccessBlock"]),
    ],
    POST: [route("PostObject"), route("DeleteObjects", ["delete"])],
    DELETE: [
      route("DeleteBucket"),
      route("DeleteBucketCors", ["cors"]),
      route("DeleteBucketEncryption", ["encryption"]),
      route("DeleteBucketLifecycle", ["lifecycle"]),
      route("DeleteBucketOwnershipControls", ["ownershipControls"]),
      route("DeleteBucketPolicy", ["policy"]),
      route("DeleteBucketTagging", ["tagging"]),
      route("DeleteBucketWebsite", ["website"]),
      route("DeletePublicAccessBlock", ["publicAccessBlock"]),
    ],
  },
  object: {
    GET: [
      route("GetObject", [], ["partNumber", ...responseOverrides]),
      route("GetObjectAttributes", ["attributes"]),
      route("ListParts", ["uploadId"], ["max-parts", "part-number-marker"]),
    ],
    HEAD: [route("HeadObject", [], ["partNumber", ...responseOverrides])],
    PUT: [route("PutObject"), route("UploadPart", ["partNumber", "uploadId"])],
    POST: [route("CreateMultipartUpload", ["uploads"]), route("CompleteMultipartUpload", ["uploadId"])],
    DELETE: [route("DeleteObject"), route("AbortMultipartUpload", ["uploadId"])],
  },
};

const accountOperations: Readonly<Partial<Record<Method, S3Operation>>> = {
  GET: "GetAccountPublicAccessBlock",
  PUT: "PutAccountPublicAccessBlock",
  DELETE: "DeleteAccountPublicAccessBlock",
};

/** Where the S3 Control API keeps the account's public access block. */
const accountPath = "/v20180820/configuration/publicAccessBlock";

/** Every operation by name: what a fault rule may name. */
export const s3Operations: readonly S3Operation[] = [
  ...Object.values(routes).flatMap((methods) =>
    Object.values(methods).flatMap((list) => list.map(({ operation }) => operation)),
  ),
  ...Object.values(accountOperations),
  "CopyObject",
  "UploadPartCopy",
  "PreflightRequest",
];

/**
 * @throws S3Error `NotImplemented` that names what the sandbox does not imitate; `MethodNotAllowed` for a method that
 * S3 has nowhere; `KeyTooLongError`
 */
export function operationOf(request: Pick<ReceivedRequest, "method" | "rawPath" | "query" | "headers">): Target {
  if (request.rawPath === accountPath) return accountTarget(request);
  const { bucket, key } = locate(request);
  if (request.method === "OPTIONS") return { operation: "PreflightRequest", bucket, key };

  const level = bucket === "" ? "service" : key === "" ? "bucket" : "object";
  const candidates = routes[level][request.method as Method];
  if (candidates === undefined) {
    throw s3Error("MethodNotAllowed", { Method: request.method, ResourceType: level.toUpperCase() });
  }
  const { operation } = chooseRoute(candidates, request, level);
  return { operation: copies(request.headers) ? copyOf(operation) : operation, bucket, key };
}

function accountTarget({ method }: Pick<ReceivedRequest, "method">): Target {
  const operation = accountOperations[method as Method];
  if (operation === undefined) throw s3Error("MethodNotAllowed", { Method: method, ResourceType: "ACCOUNT" });
  return { operation, bucket: "", key: "" };
}

/** S3 takes keys of up to 1,024 bytes in UTF-8. */
const maxKeyBytes = 1024;

/** The bucket stands in the path, or before `.localhost` in the host. */
function locate({ rawPath, headers }: Pick<ReceivedRequest, "rawPath" | "headers">): { bucket: string; key: string } {
  const host = (headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
  if (host.endsWith(".localhost")) {
    return { bucket: host.slice(0, -".localhost".length), key: decodeKey(rawPath.slice(1)) };
  }
  if (!["localhost", "127.0.0.1", "[::1]", ""].includes(host)) {
    throw notImitated(`the host "${host}"`, { Header: "Host" });
  }
  const [, rawBucket = "", rawKey = ""] = /^\/([^/]*)\/?(.*)$/s.exec(rawPath) ?? [];
  return { bucket: percentDecode(rawBucket), key: decodeKey(rawKey) };
}

function decodeKey(rawKey: string): string {
  const key = percentDecode(rawKey);
  const size = Buffer.byteLength(key);
  if (size > maxKeyBytes) throw s3Error("KeyTooLongError", { Size: String(size), MaxSizeAllowed: String(maxKeyBytes) });
  return key;
}

function chooseRoute(
  candidates: readonly Route[],
  { method, query }: Pick<ReceivedRequest, "method" | "query">,
  level: Level,
): Route {
  const fitting = candidates.filter(({ selectors }) => selectors.every((selector) => query.has(selector)));
  const [chosen] = fitting.toSorted((one, other) => other.selectors.length - one.selectors.length);
  const members = [...query.keys()].filter((name) => !selectsNothing(name));
  const unknown = members.find((name) => !(chosen?.selectors.includes(name) || chosen?.parameters.includes(name)));
  if (chosen === undefined || unknown !== undefined) {
    throw notImitated(
      `${method} ${level} ?${unknown ?? members[0] ?? ""}`,
      unknown === undefined ? {} : { QueryMember: unknown },
    );
  }
  if (query.has("list-type") && query.get("list-type") !== "2")
    throw notImitated(`list-type=${query.get("list-type")}`);
  return chosen;
}

/** S3 keeps names that begin with x- for its signature and for what clients want in its access log; the others are Signature V2's. */
function selectsNothing(name: string): boolean {
  return /^x-/i.test(name) || ["AWSAccessKeyId", "Signature", "Expires"].includes(name);
}

function copies(headers: ReceivedRequest["headers"]): boolean {
  return headers["x-amz-copy-source"] !== undefined;
}

function copyOf(operation: S3Operation): S3Operation {
  if (operation === "PutObject") return "CopyObject";
  return operation === "UploadPart" ? "UploadPartCopy" : operation;
}

/** The refusal of everything that S3 has and the sandbox has not: never a 200 that does nothing. */
export function notImitated(what: string, details: Readonly<Record<string, string>> = {}): Error {
  return s3Error("NotImplemented", details, { message: `The sandbox does not imitate ${what}.` });
}

function route(operation: S3Operation, selectors: readonly string[] = [], parameters: readonly string[] = []): Route {
  return { operation, selectors, parameters };
}
