import { expect, test } from "vitest";
import { bucketArn, partitionOf } from "../../src/audit/partition.ts";

test.for([
  [undefined, "aws"],
  ["eu-central-1", "aws"],
  ["us-east-1", "aws"],
  ["cn-north-1", "aws-cn"],
  ["us-gov-west-1", "aws-us-gov"],
  ["us-iso-east-1", "aws-iso"],
  ["us-isob-east-1", "aws-iso-b"],
  ["eu-isoe-west-1", "aws-iso-e"],
  ["us-isof-south-1", "aws-iso-f"],
  ["eusc-de-east-1", "aws-eusc"],
] as const)("%s is in %s", ([region, partition]) => {
  expect(partitionOf(region)).toBe(partition);
  expect(bucketArn("drop", region)).toBe(`arn:${partition}:s3:::drop`);
});
