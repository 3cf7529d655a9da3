/** `--permissions`: the least IAM policy with which the chosen rules can be answered. It only reads. */
import { type ApiRead, bucketListRead, facetReads, type ReadScope } from "./facet-access.ts";
import type { Rule } from "./rule.ts";

/** What the audit is of. What is not known becomes a wildcard within its own part of the ARN. */
export interface PermissionTargets {
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  /** Names, or every bucket of the account. */
  readonly buckets: readonly string[] | "all";
  readonly accountId?: string | undefined;
  readonly region?: string | undefined;
  /** Name or ARN of the function that signs; without it and `role` the signer is not read. */
  readonly functionName?: string | undefined;
  readonly roleArn?: string | undefined;
}

export interface ReadingPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly ReadingStatement[];
}
export interface ReadingStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

/** The same rules and targets give the same text, whatever their order. */
export function permissionsFor(rules: readonly Rule[], targets: PermissionTargets): ReadingPolicy {
  const facets = new Set(rules.flatMap(({ needs }) => needs));
  const reads = [...facets].flatMap((facet) => facetReads[facet]).filter((read) => isMade(read, targets));
  const all = targets.buckets === "all" ? [...reads, bucketListRead] : reads;
  return { Version: "2012-10-17", Statement: scopes.flatMap((scope) => statementFor(scope, all, targets)) };
}

const sidOf: Readonly<Record<ReadScope, string>> = {
  bucket: "ReadBucketSettings",
  account: "ReadAccountSettings",
  "access-point": "ReadAccessPoints",
  function: "ReadSignerFunction",
  api: "ReadSignerApi",
  role: "ReadSignerRole",
  "managed-policy": "ReadManagedPolicies",
};
const scopes = Object.keys(sidOf) as readonly ReadScope[];

/** A role that was named alone needs no look at functions. */
function isMade({ on }: ApiRead, { functionName, roleArn }: PermissionTargets): boolean {
  if (on === "function" || on === "api") return functionName !== undefined;
  if (on === "role" || on === "managed-policy") return functionName !== undefined || roleArn !== undefined;
  return true;
}

function statementFor(
  scope: ReadScope,
  reads: readonly ApiRead[],
  targets: PermissionTargets,
): readonly ReadingStatement[] {
  const actions = new Set(reads.filter(({ on }) => on === scope).map(({ action }) => action));
  if (actions.size === 0) return [];
  const resources = resourcesFor(scope, targets);
  const [only] = resources;
  const Resource = resources.length === 1 && only !== undefined ? only : resources;
  return [{ Sid: sidOf[scope], Effect: "Allow", Action: [...actions].sort(), Resource }];
}

function resourcesFor(scope: ReadScope, targets: PermissionTargets): readonly string[] {
  const { partition, buckets, accountId: account = "*", region = "*", functionName, roleArn } = targets;
  switch (scope) {
    case "bucket":
      return buckets === "all"
        ? [`arn:${partition}:s3:::*`]
        : [...new Set(buckets)].sort().map((bucket) => `arn:${partition}:s3:::${bucket}`);
    case "account":
      return ["*"];
    case "access-point":
      return [`arn:${partition}:s3:${region}:${account}:accesspoint/*`];
    case "function":
      return [functionArn(functionName ?? "*", `arn:${partition}:lambda:${region}:${account}:function:`)];
    case "api":
      return [`arn:${partition}:apigateway:${region}::/apis/*`];
    case "role":
      return [roleArn ?? `arn:${partition}:iam::${account}:role/*`];
    case "managed-policy":
      return [`arn:${partition}:iam::${account}:policy/*`, `arn:${partition}:iam::aws:policy/*`];
  }
}

function functionArn(name: string, start: string): string {
  return name.startsWith("arn:") ? name : `${start}${name}`;
}
