/** The facets of one bucket: its companions first, then old blocks inside the bucket, then what AWS does by itself. */
import type { BucketFacets, Facet } from "../audit/facets.ts";
import { UNKNOWN } from "../audit/outline.ts";
import type { Reading } from "../audit/snapshot.ts";
import { NOT_IN_PLAN } from "../audit/source.ts";
import type { BucketSettings, Setting } from "./companion-facets.ts";
import { companionTypes } from "./companions.ts";
import { readingFrom } from "./facet-reading.ts";
import { inlineSettings } from "./inline-settings.ts";
import { memberOf } from "./json-value.ts";
import { hasMark, policyIn, type ReadPolicy } from "./policy-documents.ts";
import type { Resource } from "./resource.ts";
import type { ResourceIndex } from "./resource-index.ts";

/** A facet with the resources that it comes from. */
export interface PlannedFacet<F extends Facet = Facet> {
  readonly reading: Reading<BucketFacets[F]>;
  readonly addresses: readonly string[];
  readonly remark?: string;
  readonly sensitive: boolean;
}

export interface BucketPlace {
  /** Undefined for a bucket that the file does not hold. */
  readonly bucket: Resource | undefined;
  readonly arn: string;
  readonly settings: BucketSettings;
}

/** What a bucket is set to, where a companion or a block inside it can set it. */
export function bucketFacet<F extends Facet>(facet: F, place: BucketPlace, index: ResourceIndex): PlannedFacet<F> {
  const settings = place.settings.settings.get(facet) ?? [];
  const sure = settings.filter(({ doubt }) => doubt === undefined);
  if (sure.length > 0) return fromSettings(facet, sure, [], place, index);
  const otherwise = withoutCompanion(facet, place, index);
  if (settings.length > 0) return fromSettings(facet, settings, otherwise.outlines, place, index);
  const { outlines, reason, isInline } = otherwise;
  return {
    reading: readingFrom(facet, outlines, reason),
    addresses: [],
    sensitive: isInline && hasMark(place.bucket?.sensitive),
  };
}

function fromSettings<F extends Facet>(
  facet: F,
  settings: readonly Setting[],
  otherwise: readonly unknown[],
  { arn }: BucketPlace,
  index: ResourceIndex,
): PlannedFacet<F> {
  const read = settings.map(({ resource }) => readSetting(facet, resource, index, arn));
  const doubts = settings.flatMap(({ resource, doubt }) =>
    doubt === undefined ? [] : [`${resource.address} ${doubt}`],
  );
  const reason =
    doubts.length > 0
      ? doubts.join("; ")
      : `known after apply: ${settings.map(({ resource }) => resource.address).join(", ")}`;
  const remarks = [
    ...settings.flatMap(({ remark }) => remark ?? []),
    ...(read.some(({ assumed }) => assumed) ? [assumption(facet)] : []),
  ];
  return {
    reading: readingFrom(facet, [...new Set([...read.flatMap(({ possible }) => possible), ...otherwise])], reason),
    addresses: [...settings.map(({ resource }) => resource.address), ...read.flatMap(({ addresses }) => addresses)],
    ...(remarks.length === 0 ? {} : { remark: remarks.join(" ") }),
    sensitive: read.some(({ sensitive }) => sensitive),
  };
}

function assumption(facet: Facet): string {
  const what = facet === "policy" ? "the policy" : "it";
  return `ARNs in ${what} that are known only after apply are taken for those of the bucket and its objects.`;
}

function readSetting(facet: Facet, resource: Resource, index: ResourceIndex, arn: string): ReadPolicy {
  const marked = hasMark(resource.sensitive);
  if (facet === "policy") {
    const policy = policyIn(resource, "policy", index, arn);
    if (policy === undefined) return { possible: [undefined], addresses: [], assumed: false, sensitive: marked };
    return { ...policy, sensitive: policy.sensitive || marked };
  }
  const companion = companionTypes.get(resource.type);
  const value = resource.after === undefined ? undefined : companion?.read(resource.after);
  return { possible: [value], addresses: [], assumed: false, sensitive: marked };
}

interface Otherwise {
  readonly outlines: readonly unknown[];
  readonly reason: string;
  readonly isInline: boolean;
}

/** No companion sets it for certain. */
function withoutCompanion(facet: Facet, { bucket, settings }: BucketPlace, index: ResourceIndex): Otherwise {
  if (bucket === undefined) {
    // a resource of this plan held it, and apply takes it away
    if (settings.removed.has(facet)) return { outlines: [undefined], reason: "", isInline: false };
    return { outlines: [UNKNOWN, undefined], reason: NOT_IN_PLAN, isInline: false };
  }
  const inline = settings.removed.has(facet) ? undefined : inlineValue(facet, bucket, index);
  if (inline !== undefined) return inline;
  return { ...byDefault(facet, bucket, settings), isInline: false };
}

function inlineValue(facet: Facet, bucket: Resource, index: ResourceIndex): Otherwise | undefined {
  const setting = inlineSettings.find((one) => one.facet === facet);
  if (setting === undefined) return undefined;
  const config = index.configOf(bucket);
  const isWritten = setting.attributes.some((name) => memberOf(config?.expressions, name) !== undefined);
  const value = setting.read(bucket.after);
  const isComputed = setting.attributes.every((name) => memberOf(bucket.after, name) === UNKNOWN);
  if (value === undefined || (isComputed && !isWritten) || (value === UNKNOWN && !isWritten)) return undefined;
  const isOwn = isWritten || bucket.change === "create" || index.terraform.kind === "state" || config === undefined;
  const reason = `known after apply: ${bucket.address}`;
  if (isOwn) return { outlines: [value], reason, isInline: true };
  // what a refresh copied from AWS: set by something outside of this plan, or by a block that is made dynamically
  if (isWhatEveryBucketHas(facet, value)) return undefined;
  const outside = `${bucket.address} has one that no resource of this plan sets`;
  return { outlines: [value, undefined], reason: outside, isInline: true };
}

/** S3 encrypts by itself. */
function isWhatEveryBucketHas(facet: Facet, value: unknown): boolean {
  return (
    facet === "encryption" && Array.isArray(value) && value.length === 1 && JSON.stringify(value).includes('"AES256"')
  );
}

/**
 * What AWS does where nothing is set. Source: S3 User Guide, "Default settings for new S3 buckets FAQ": blocks and ownership since
 * April 2023, so nobody knows of a bucket that is there already; SSE-C since 2026.
 */
function byDefault(facet: Facet, bucket: Resource, { removed }: BucketSettings): Omit<Otherwise, "isInline"> {
  const isNew = bucket.change === "create" || bucket.change === "replace";
  switch (facet) {
    case "publicAccessBlock":
      if (removed.has(facet)) return { outlines: [undefined], reason: "" };
      if (isNew) return { outlines: [allOn], reason: "" };
      return {
        outlines: [UNKNOWN, undefined],
        reason: `nothing sets it for ${bucket.address}, and AWS's default depends on the bucket's age`,
      };
    case "ownership":
      if (isNew) return { outlines: ["BucketOwnerEnforced"], reason: "" };
      // deleting the controls puts ACLs back into force
      if (removed.has(facet)) return { outlines: ["ObjectWriter"], reason: "" };
      return {
        outlines: [UNKNOWN],
        reason: `nothing sets it for ${bucket.address}, and AWS's default depends on the bucket's age`,
      };
    case "encryption":
      return {
        outlines: isNew ? [[sse(["SSE-C"])]] : [[sse(["SSE-C"])], [sse()]],
        reason: `nothing sets it for ${bucket.address}`,
      };
    default:
      return { outlines: [undefined], reason: "" };
  }
}

const allOn = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

function sse(blocked?: readonly string[]): unknown {
  return {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" },
    ...(blocked === undefined ? {} : { BlockedEncryptionTypes: { EncryptionType: blocked } }),
  };
}
