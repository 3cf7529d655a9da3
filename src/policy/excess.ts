import {
  type Access,
  type AskedAction,
  findAccess,
  names,
  type Reach,
  reachOf,
  type Target,
  touches,
} from "./access.ts";
import { Budget, TOO_COMPLEX, withinBudget } from "./budget.ts";
import { accountOf } from "./caller.ts";
import type { Decision } from "./decision.ts";
import { glob, literal } from "./glob.ts";
import { type Granted, type PrivilegeFacts, type Rights, reachesOf, rightsOf } from "./privilege.ts";
import { requestsOf } from "./request-facts.ts";
import { S3_ACTIONS, tellingFirst } from "./s3-service.ts";
import { type BucketArn, placesIn, targetsAnywhere, targetsInBucket } from "./s3-targets.ts";
import type { Statement } from "./statement.ts";

/** An action and the ARNs it is wanted on, both as patterns. */
export interface Wanted {
  readonly action: string;
  readonly resource: string;
}

/** Proof of a permission: the action is allowed on this ARN. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
  /** Only while conditions hold. */
  readonly conditional: boolean;
  /** The statements that allow it. */
  readonly by: readonly { readonly policy: string; readonly index: number }[];
}

export interface ExcessVerdict extends Decision {
  /** Permissions on S3 that nobody asked for; one example for each action. */
  readonly excess: readonly Permission[];
}

/** What uploading needs: one part or many, and to give up or look over an upload of many parts. */
export function uploadGrants({ arn }: BucketArn, prefix: string): readonly Wanted[] {
  const objects = `${arn}/${prefix}*`;
  return [
    { action: "s3:PutObject", resource: objects },
    { action: "s3:AbortMultipartUpload", resource: objects },
    { action: "s3:ListMultipartUploadParts", resource: objects },
    // has no key for a prefix, so it cannot be had for less than the bucket
    { action: "s3:ListBucketMultipartUploads", resource: arn },
  ];
}

/**
 * Whether a caller may do more with S3 than is wanted, through its own policies (within its boundary) or through the bucket's.
 * A condition on an Allow counts as met; a Deny counts where it always holds.
 */
export function excessOf(facts: PrivilegeFacts, wanted: readonly Wanted[], budget = new Budget()): ExcessVerdict {
  return withinBudget(
    budget,
    (limit) => decide(facts, wanted, limit),
    () => ({ answer: "unknown", reason: `it cannot be told what is allowed: ${TOO_COMPLEX}`, excess: [] }),
  );
}

function decide(facts: PrivilegeFacts, wanted: readonly Wanted[], budget: Budget): ExcessVerdict {
  const { caller } = facts;
  const request = requestsOf(caller.arn, accountOf(caller.arn));
  const rights = rightsOf(facts, request, { allow: "possible", deny: "certain" }, budget);
  const permitted = wanted.map((one, index) => reachOf(statementOf(one, index), "widest", budget));
  const excess = onePerAction([
    ...inBucket(facts.bucket, rights, permitted, budget),
    ...elsewhere(facts.bucket, rights, permitted, budget),
  ]);

  const [unread] = rights.unreadable;
  if (unread !== undefined) return { answer: "unknown", reason: unread, excess };
  const [first] = excess;
  if (first === undefined) return { answer: "no", reason: "nothing beyond what is wanted is allowed", excess: [] };
  return { answer: "yes", reason: `${first.action} is allowed on ${first.resource}`, excess };
}

function inBucket(bucket: BucketArn, rights: Rights, permitted: readonly Reach[], budget: Budget): Permission[] {
  const denies = [...rights.ownDenies, ...rights.bucketDenies].map(({ reach }) => reach);
  const question = { routes: rights.inBucket.map(reachesOf), denies, permitted, targetsOf: targetsInBucket(bucket) };
  const allows = rights.inBucket.flat(2);
  return findAccess(S3_ACTIONS, question, budget).map((access) => permissionOf(access, allows, budget));
}

function elsewhere(bucket: BucketArn, rights: Rights, permitted: readonly Reach[], budget: Budget): Permission[] {
  const here = [literal(bucket.arn), glob(`${bucket.arn}/*`)];
  const allows = rights.elsewhere.flat(2);
  const patterns = allows.flatMap(({ reach }) => reach.statement.resources?.patterns ?? []);
  const anywhere = targetsAnywhere(bucket.partition, placesIn(patterns));
  const targetsOf = (action: AskedAction): readonly Target[] =>
    anywhere(action).map(({ region, ...target }) => ({
      ...target,
      region: { ...region, outside: [...region.outside, here] },
    }));
  const denies = rights.ownDenies.map(({ reach }) => reach);
  const question = { routes: rights.elsewhere.map(reachesOf), denies, permitted, targetsOf };
  return findAccess(S3_ACTIONS, question, budget).map((access) => permissionOf(access, allows, budget));
}

function permissionOf({ action, resource, arn }: Access, allows: readonly Granted[], budget: Budget): Permission {
  const granting = allows.filter(({ reach }) => names(reach, action, budget) && touches(reach, arn, budget));
  const by = granting.map(({ policy, reach }) => ({ policy, index: reach.statement.index }));
  return {
    action: action.name,
    resource,
    conditional: granting.some(({ always }) => !always),
    by: by.filter(
      (one, place) => by.findIndex((other) => other.policy === one.policy && other.index === one.index) === place,
    ),
  };
}

function onePerAction(excess: readonly Permission[]): Permission[] {
  const byAction = new Map(excess.toReversed().map((permission) => [permission.action, permission]));
  return tellingFirst([...byAction.values()].reverse());
}

function statementOf({ action, resource }: Wanted, index: number): Statement {
  return {
    index,
    path: `wanted[${index}]`,
    version: "2012-10-17",
    effect: "Allow",
    actions: { negated: false, patterns: [action], path: "" },
    resources: { negated: false, patterns: [resource], path: "" },
    conditions: [],
  };
}
