/**
 * The AWS partition of a region, which every ARN begins with.
 * Source: the regular expressions in the SDK's own `partitions.json`, by their fixed beginnings.
 */
const beginnings: readonly (readonly [beginning: string, partition: string])[] = [
  ["cn-", "aws-cn"],
  ["us-gov-", "aws-us-gov"],
  ["us-iso-", "aws-iso"],
  ["us-isob-", "aws-iso-b"],
  ["eu-isoe-", "aws-iso-e"],
  ["us-isof-", "aws-iso-f"],
  ["eusc-", "aws-eusc"],
];

/** Where no region is known, the commercial partition, as nearly all buckets. */
export function partitionOf(region: string | undefined): string {
  return beginnings.find(([beginning]) => region?.startsWith(beginning))?.[1] ?? "aws";
}

export function bucketArn(bucket: string, region: string | undefined): string {
  return `arn:${partitionOf(region)}:s3:::${bucket}`;
}

/** An ARN as questions about policies take it. */
export function askedBucket(arn: string): { readonly arn: string; readonly partition: string } {
  return { arn, partition: arn.split(":")[1] ?? "aws" };
}
