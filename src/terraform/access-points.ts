/** Access points of the file, each with its bucket. */
import { UNKNOWN } from "../audit/outline.ts";
import { NOT_IN_PLAN } from "../audit/source.ts";
import { blockFlags } from "./access-settings.ts";
import type { BucketPlace, PlannedFacet } from "./bucket-facets.ts";
import type { Correlation } from "./correlate.ts";
import { readingFrom } from "./facet-reading.ts";
import { memberOf } from "./json-value.ts";
import { blockOf, objectOf, partOf } from "./outline-parts.ts";
import { hasMark, policyIn } from "./policy-documents.ts";
import { scopeOf, targetsOf } from "./references.ts";
import type { Resource } from "./resource.ts";
import type { ResourceIndex } from "./resource-index.ts";

export function accessPointsOf(
  { bucket, arn }: BucketPlace,
  correlation: Correlation,
  index: ResourceIndex,
): PlannedFacet<"accessPoints"> {
  const points = index.byType("aws_s3_access_point").filter((point) => {
    if (point.after === undefined || bucket === undefined) return false;
    const owner = correlation.ownerOf(point);
    return owner.kind === "buckets" && owner.buckets.includes(bucket);
  });
  const addresses = points.map(({ address }) => address);
  if (bucket === undefined) {
    return { reading: readingFrom("accessPoints", [UNKNOWN, undefined], NOT_IN_PLAN), addresses, sensitive: false };
  }
  const outline = points.length === 0 ? undefined : points.map((point) => accessPoint(point, arn, index));
  return {
    reading: readingFrom("accessPoints", [outline], `known after apply: ${addresses.join(", ")}`),
    addresses,
    sensitive: points.some(({ sensitive }) => hasMark(sensitive)),
  };
}

function accessPoint(point: Resource, arn: string, index: ResourceIndex): unknown {
  const isVpc = blockOf(point.after, "vpc_configuration") !== undefined;
  const flags = blockOf(point.after, "public_access_block_configuration");
  return objectOf({
    Name: partOf(point.after, "name"),
    NetworkOrigin: isVpc ? "VPC" : "Internet",
    // the provider leaves a flag that nobody sets on
    PublicAccessBlockConfiguration: flags === undefined || flags === UNKNOWN ? allOn : withDefaults(flags),
    Policy: policyOf(point, arn, index),
  });
}

const allOn = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

function withDefaults(flags: unknown): unknown {
  const names = ["block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets"];
  return blockFlags(Object.fromEntries(names.map((name) => [name, partOf(flags, name) ?? true])));
}

/** Computed where nobody sets it. */
function policyOf(point: Resource, arn: string, index: ResourceIndex): unknown {
  const separate = index.byType("aws_s3control_access_point_policy").find((policy) => {
    const expression = memberOf(index.configOf(policy)?.expressions, "access_point_arn");
    const value = partOf(policy.after, "access_point_arn");
    if (typeof value === "string") return value === memberOf(point.after, "arn");
    return targetsOf(expression, scopeOf(policy, index), index).resources.includes(point);
  });
  if (separate !== undefined) return policyIn(separate, "policy", index, arn)?.possible[0];
  const value = partOf(point.after, "policy");
  const isWritten = memberOf(index.configOf(point)?.expressions, "policy") !== undefined;
  if (value === UNKNOWN && !isWritten) return undefined;
  const text = policyIn(point, "policy", index, arn)?.possible[0];
  return text === "{}" ? undefined : text;
}
