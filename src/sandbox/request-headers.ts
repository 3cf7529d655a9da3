/**
 * Which of S3's own headers each operation takes. One that the sandbox does not act on would be a promise it does not
 * keep, so it is refused by name. Headers that are not S3's, such as User-Agent, do not matter.
 */
import { notImitated, type S3Operation } from "./operation.ts";
import type { ReceivedRequest } from "./received-request.ts";

/** Signature, framing and checksum of a request, and what says only who sent it. */
const everywhere = [
  "x-amz-date",
  "x-amz-content-sha256",
  "x-amz-security-token",
  "x-amz-user-agent",
  "x-amz-expected-bucket-owner",
  "x-amz-decoded-content-length",
  "x-amz-trailer",
  "x-amz-sdk-checksum-algorithm",
  "x-amz-checksum-crc32",
  "x-amz-checksum-crc32c",
  "x-amz-checksum-crc64nvme",
  "x-amz-checksum-sha1",
  "x-amz-checksum-sha256",
];
const acl = ["x-amz-acl", "x-amz-grant-*"];
const description = [...acl, "x-amz-meta-*", "x-amz-storage-class", "x-amz-tagging", "x-amz-server-side-encryption"];
const copySource = ["x-amz-copy-source", "x-amz-copy-source-if-*", "x-amz-source-expected-bucket-owner"];

const further: Readonly<Partial<Record<S3Operation, readonly string[]>>> = {
  PutObject: description,
  PostObject: description,
  CopyObject: [
    ...description,
    ...copySource,
    "x-amz-metadata-directive",
    "x-amz-tagging-directive",
    "x-amz-checksum-algorithm",
  ],
  GetObject: ["x-amz-checksum-mode"],
  HeadObject: ["x-amz-checksum-mode"],
  GetObjectAttributes: ["x-amz-object-attributes", "x-amz-max-parts", "x-amz-part-number-marker"],
  CreateMultipartUpload: [...description, "x-amz-checksum-algorithm", "x-amz-checksum-type"],
  UploadPartCopy: [...copySource, "x-amz-copy-source-range"],
  CompleteMultipartUpload: ["x-amz-checksum-type", "x-amz-mp-object-size"],
  ListObjects: ["x-amz-optional-object-attributes"],
  ListObjectsV2: ["x-amz-optional-object-attributes"],
  CreateBucket: [...acl, "x-amz-object-ownership", "x-amz-bucket-object-lock-enabled"],
  PutBucketAcl: acl,
  PutBucketLifecycleConfiguration: ["x-amz-transition-default-minimum-object-size"],
  GetAccountPublicAccessBlock: ["x-amz-account-id"],
  PutAccountPublicAccessBlock: ["x-amz-account-id"],
  DeleteAccountPublicAccessBlock: ["x-amz-account-id"],
};

/** Members of a presigned URL's query. S3 acts on no checksum there; the other names are the signature's. */
const inQuery =
  /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256|user-agent|sdk-checksum-algorithm|checksum-(crc32|crc32c|crc64nvme|sha1|sha256|mode))$/;

/** @throws S3Error `NotImplemented` that names the header */
export function refuseUnknownHeaders(
  operation: S3Operation,
  { headers, query }: Pick<ReceivedRequest, "headers" | "query">,
): void {
  const taken = [...everywhere, ...(further[operation] ?? [])];
  for (const name of Object.keys(headers)) {
    if (name.startsWith("x-amz-") && !taken.some((entry) => covers(entry, name))) {
      throw notImitated(`the header ${name} on ${operation}`, { Header: name });
    }
  }
  for (const member of query.keys()) {
    const name = member.toLowerCase();
    if (name.startsWith("x-amz-") && !inQuery.test(name)) {
      throw notImitated(`${name} in the query: sign it as a header`, { QueryMember: member });
    }
  }
}

function covers(entry: string, name: string): boolean {
  return entry.endsWith("*") ? name.startsWith(entry.slice(0, -1)) : entry === name;
}
