/**
 * In what the stores that speak S3 differ from AWS, as far as an upload meets it: one table, a source beside each fact.
 * What stands in no store's row is done as with AWS. Bodies are never part of a signature (UNSIGNED-PAYLOAD), which all
 * of them take.
 */
import type { ChecksumAlgorithm } from "../protocol/messages.ts";
import { type ChecksumType, checksumTypeOf } from "./s3-requests.ts";

/** As `--store` takes them. */
export const storeNames = ["aws", "r2", "b2", "minio", "ceph", "gcs"] as const;
export type StoreName = (typeof storeNames)[number];

/** What a user may ask for and a store may not have, by the flags that ask for it. */
export const storeFeatures = {
  tags: ["--tag"],
  acl: ["--acl"],
  grants: ["--grants"],
  encryption: ["--sse"],
  kms: ["--sse"],
  noOverwrite: ["--no-overwrite"],
  ifMatch: ["--if-match"],
  expectedOwner: ["--expected-bucket-owner"],
} as const;
export type StoreFeature = keyof typeof storeFeatures;

/** Who says so: a page of the store's maker, or a report that shows the store's answer. */
export interface Sourced {
  readonly why: string;
  readonly source: string;
}

export interface StoreQuirks {
  readonly name: StoreName;
  /** For people. */
  readonly title: string;
  /** Ends of the host names by which it is known; none for what runs on any host. */
  readonly hosts: readonly string[];
  /** Finds the region in its host, where nobody names one. */
  readonly regionInHost?: RegExp;
  /** Undefined: it refuses `x-amz-checksum-*`, and what is stored is proven by Content-MD5. */
  readonly checksums: "all" | undefined;
  /** The type of a CRC of a whole multipart upload, where it is not FULL_OBJECT. */
  readonly crcTypes: Readonly<Partial<Record<ChecksumAlgorithm, ChecksumType>>>;
  /** True where all parts but the last must have one size. */
  readonly equalParts: boolean;
  /** True where a completion may say the size of the whole (`x-amz-mp-object-size`). */
  readonly takesObjectSize: boolean;
  /** The storage classes that it takes; undefined: all that S3 has. */
  readonly storageClasses?: readonly string[];
  /** What it does not have, and would refuse or, worse, overlook. */
  readonly lacks: Readonly<Partial<Record<StoreFeature, Sourced>>>;
  /** Facts behind the members above, for the documentation. */
  readonly sources: readonly Sourced[];
}

const r2Page = "https://developers.cloudflare.com/r2/api/s3/api/";
const b2Page = "https://www.backblaze.com/docs/cloud-storage-s3-compatible-api";
const gcsHeaders = "https://cloud.google.com/storage/docs/xml-api/reference-headers";

const likeAws = {
  hosts: [],
  checksums: "all",
  crcTypes: {},
  equalParts: false,
  takesObjectSize: true,
  lacks: {},
  sources: [],
} as const;

const stores: Readonly<Record<StoreName, StoreQuirks>> = {
  aws: { ...likeAws, name: "aws", title: "Amazon S3" },

  r2: {
    ...likeAws,
    name: "r2",
    title: "Cloudflare R2",
    hosts: [".r2.cloudflarestorage.com"],
    crcTypes: { CRC32: "COMPOSITE", CRC32C: "COMPOSITE" },
    equalParts: true,
    takesObjectSize: false,
    storageClasses: ["STANDARD", "STANDARD_IA"],
    lacks: {
      tags: { why: "R2 has no object tags.", source: r2Page },
      acl: { why: "R2 has no ACLs.", source: r2Page },
      grants: { why: "R2 has no ACLs.", source: r2Page },
      encryption: { why: "R2 encrypts everything with keys of its own, and takes no --sse.", source: r2Page },
      kms: { why: "R2 encrypts everything with keys of its own, and has no KMS.", source: r2Page },
      expectedOwner: { why: "R2 does not compare the bucket's owner.", source: r2Page },
    },
    sources: [
      { why: "CRC32, CRC32C and the SHAs as COMPOSITE only, CRC64NVME as FULL_OBJECT only", source: r2Page },
      {
        why: "all parts but the last of one size",
        source: "https://developers.cloudflare.com/r2/objects/multipart-objects/",
      },
      { why: "x-amz-mp-object-size is not among the headers that it names", source: r2Page },
    ],
  },

  b2: {
    ...likeAws,
    name: "b2",
    title: "Backblaze B2",
    hosts: [".backblazeb2.com"],
    regionInHost: /(?:^|\.)s3\.([a-z0-9-]+)\.backblazeb2\.com$/,
    checksums: undefined,
    takesObjectSize: false,
    lacks: {
      tags: {
        why: "B2 answers: Unsupported header 'x-amz-tagging'.",
        source: "https://github.com/Intrinsec/s3proxy/issues/34",
      },
      grants: { why: "B2 has no ACLs of objects.", source: b2Page },
      kms: { why: "B2 encrypts with its own keys or the customer's, and has no KMS.", source: b2Page },
      noOverwrite: {
        why: "B2 has no conditional writes: it answers If-None-Match with NotImplemented.",
        source: "https://github.com/sathinduga/obsidian-s3-sync-and-backup/issues/78",
      },
      ifMatch: {
        why: "B2 has no conditional writes: it answers If-Match with NotImplemented.",
        source: "https://github.com/sathinduga/obsidian-s3-sync-and-backup/issues/78",
      },
    },
    sources: [
      {
        why: "refuses x-amz-checksum-*, x-amz-sdk-checksum-algorithm and x-amz-checksum-mode (Unsupported header)",
        source: "https://github.com/diced/zipline/issues/746",
      },
      { why: "x-amz-mp-object-size is not among the headers that it names", source: b2Page },
      {
        why: "the region that a signature names stands in the host: s3.<region>.backblazeb2.com",
        source: "https://www.backblaze.com/apidocs/introduction-to-the-s3-compatible-api",
      },
    ],
  },

  minio: { ...likeAws, name: "minio", title: "MinIO" },

  ceph: {
    ...likeAws,
    name: "ceph",
    title: "Ceph RGW",
    sources: [
      {
        why: "compares a checksum only beside x-amz-sdk-checksum-algorithm, so that is always sent",
        source: "test/servers, probe C11",
      },
    ],
  },

  gcs: {
    ...likeAws,
    name: "gcs",
    title: "Google Cloud Storage",
    hosts: ["storage.googleapis.com"],
    checksums: undefined,
    takesObjectSize: false,
    lacks: {
      tags: { why: "Its XML API has no x-amz-tagging.", source: gcsHeaders },
      kms: { why: "Its XML API names keys in a header of its own.", source: gcsHeaders },
      noOverwrite: {
        why: "It overlooks If-None-Match on a write, so an object would be replaced all the same.",
        source: "https://github.com/aws/aws-sdk-java-v2/pull/6055",
      },
      ifMatch: {
        why: "It overlooks If-Match on a write, so any version would be replaced.",
        source: "https://github.com/aws/aws-sdk-java-v2/pull/6055",
      },
      expectedOwner: { why: "Its XML API does not compare the bucket's owner.", source: gcsHeaders },
    },
    sources: [
      {
        why: "refuses x-amz-checksum-* (ExcessHeaderValues), or a CRC on completion (412)",
        source: "https://github.com/milvus-io/milvus-storage/pull/480",
      },
      {
        why: "compares Content-MD5 of an object or part; the ETag of a multipart object is no MD5",
        source: "https://cloud.google.com/storage/docs/xml-api/put-object-multipart",
      },
      { why: "x-amz-mp-object-size is not among the headers that it names", source: gcsHeaders },
    ],
  },
};

/** Meant where no store is named. */
export const amazonS3 = stores.aws;

/**
 * The store that the user names; else the one whose host this is; else AWS, whose ways a server of one's own has.
 * @param endpoint undefined: AWS itself
 */
export function storeOf(named: StoreName | undefined, endpoint: string | undefined): StoreQuirks {
  if (named !== undefined) return stores[named];
  const host = endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint).hostname.toLowerCase() : "";
  return Object.values(stores).find(({ hosts }) => hosts.some((end) => isAt(host, end))) ?? amazonS3;
}

/** How the store forms the checksum of an object of several parts. */
export function checksumTypeAt(
  { crcTypes }: Pick<StoreQuirks, "crcTypes">,
  algorithm: ChecksumAlgorithm,
): ChecksumType {
  return crcTypes[algorithm] ?? checksumTypeOf(algorithm);
}

/** The region that the endpoint's own host names; undefined where it names none. */
export function regionInEndpoint(endpoint: string): string | undefined {
  return storeOf(undefined, endpoint).regionInHost?.exec(new URL(endpoint).hostname)?.[1];
}

/** For the documentation. */
export function allStores(): readonly StoreQuirks[] {
  return storeNames.map((name) => stores[name]);
}

/** The name itself, or one below it. */
function isAt(host: string, end: string): boolean {
  return end.startsWith(".") ? host.endsWith(end) : host === end || host.endsWith(`.${end}`);
}
