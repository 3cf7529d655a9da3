/** What a new bucket policy gives that the old one did not: to everyone, to other accounts, to anyone it names. */
import { findAccess, type Reach, reachOf } from "./access.ts";
import { Budget, TOO_COMPLEX, withinBudget } from "./budget.ts";
import type { Answer } from "./decision.ts";
import type { Policy } from "./document.ts";
import { isPublic } from "./public.ts";
import { S3_ACTIONS, tellingFirst } from "./s3-service.ts";
import { type BucketArn, targetsInBucket } from "./s3-targets.ts";
import type { Statement } from "./statement.ts";
import { strangerAccess } from "./strangers.ts";

export interface Widening {
  readonly kind: "public" | "strangers" | "named";
  /** Who gets more; "*" for everyone. */
  readonly who: string;
  readonly action: string | undefined;
  readonly resource: string | undefined;
  /** Reads after "it". */
  readonly reason: string;
}

export interface WideningVerdict {
  readonly answer: Answer;
  readonly reason: string;
  readonly wider: readonly Widening[];
}

/**
 * Conditions are compared as they are written: an Allow whose conditions changed counts as new. Block Public Access is not
 * counted, as it masks a policy and changes nothing about it.
 */
export function widening(before: Policy, after: Policy, bucket: BucketArn, budget = new Budget()): WideningVerdict {
  return withinBudget(
    budget,
    (limit) => decide(before, after, bucket, limit),
    () => ({ answer: "unknown", reason: TOO_COMPLEX, wider: [] }),
  );
}

function decide(before: Policy, after: Policy, bucket: BucketArn, budget: Budget): WideningVerdict {
  const wider = [
    ...madePublic(before, after),
    ...toStrangers(before, after, bucket),
    ...toNamed(before, after, bucket, budget),
  ];
  const [first] = wider;
  if (first === undefined) return { answer: "no", reason: "it allows nobody more than before", wider };
  return { answer: "yes", reason: first.reason, wider };
}

function madePublic(before: Policy, after: Policy): readonly Widening[] {
  const verdict = isPublic(after);
  if (!verdict.isPublic || isPublic(before).isPublic) return [];
  return [
    { kind: "public", who: "*", action: undefined, resource: undefined, reason: `becomes public: ${verdict.reason}` },
  ];
}

/** Deny statements are counted on both sides: to take one away opens as much as to allow more. */
function toStrangers(before: Policy, after: Policy, bucket: BucketArn): readonly Widening[] {
  const now = strangerAccess({ bucket, policy: after, publicGrants: [] });
  const then = strangerAccess({ bucket, policy: before, publicGrants: [] });
  const known = new Set([...then.witnesses, ...then.possible].map(({ action }) => action));
  const fresh = now.witnesses.filter(({ action }) => !known.has(action));
  return fresh.map(({ who, action, resource }) => ({
    kind: "strangers",
    who: who === "anonymous" ? "*" : "any AWS account",
    action,
    resource,
    reason: `lets strangers call ${action} on ${resource}`,
  }));
}

/** Somebody who is named, and gets an action on an ARN that no statement gave them. */
function toNamed(before: Policy, after: Policy, bucket: BucketArn, budget: Budget): readonly Widening[] {
  const then = [...grantsByReceiver(before, budget).values()];
  return [...grantsByReceiver(after, budget).values()].flatMap(({ who, conditions, reaches }) => {
    // what was allowed without any condition covers the same with one
    const known = then.filter(
      (one) => (one.who === who || one.who === "*") && (one.conditions === "" || one.conditions === conditions),
    );
    const found = findAccess(
      S3_ACTIONS.map((action, index) => ({ name: action.name, index })),
      {
        routes: [[reaches]],
        denies: [],
        targetsOf: targetsInBucket(bucket),
        permitted: known.flatMap((one) => one.reaches),
      },
      budget,
    );
    const accesses = tellingFirst(found.map(({ action, resource }) => ({ action: action.name, resource })));
    const [first] = accesses;
    if (first === undefined || who === "*") return [];
    const more = accesses.length === 1 ? "" : ` and ${accesses.length - 1} more`;
    const reason = `allows ${who} ${first.action}${more} on ${first.resource}`;
    return [{ kind: "named", who, ...first, reason } as const];
  });
}

interface Grants {
  readonly who: string;
  /** Empty for none. */
  readonly conditions: string;
  readonly reaches: Reach[];
}

/** Each receiver with each set of conditions by itself. */
function grantsByReceiver(policy: Policy, budget: Budget): ReadonlyMap<string, Grants> {
  const grants = new Map<string, Grants>();
  for (const statement of policy.statements) {
    if (statement.effect !== "Allow" || statement.principals === undefined) continue;
    const reach = reachOf(statement, "widest", budget);
    const conditions = conditionsText(statement);
    const names = statement.principals.negated
      ? [`everyone but ${statement.principals.entries.map(({ value }) => value).join(", ")}`]
      : statement.principals.entries.map(({ value }) => value);
    for (const who of names) {
      const known = grants.get(`${who}\n${conditions}`) ?? { who, conditions, reaches: [] };
      known.reaches.push(reach);
      grants.set(`${who}\n${conditions}`, known);
    }
  }
  return grants;
}

function conditionsText({ conditions }: Statement): string {
  const texts = conditions.map(({ operator, keyName, values }) =>
    JSON.stringify([operator, keyName, [...values].map(String).sort()]),
  );
  return texts.sort().join("\n");
}
