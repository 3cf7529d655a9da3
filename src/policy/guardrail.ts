import { type AskedAction, findAccess, type Reach, reachOf, type Target } from "./access.ts";
import { type BadRequest, badRequests, DEFAULT_SCOPE, type Guard, type GuardScope, isAbout } from "./bad-request.ts";
import { Budget, TOO_COMPLEX, withinBudget } from "./budget.ts";
import type { Decision } from "./decision.ts";
import type { Policy } from "./document.ts";
import { truthOf, truthOfCondition } from "./evaluate.ts";
import { classifyPrincipal } from "./principal.ts";
import { nameOf } from "./public.ts";
import { S3_ACTIONS, tellingFirst } from "./s3-service.ts";
import { type BucketArn, objectsUnder, targetsInBucket, theBucket } from "./s3-targets.ts";
import type { Statement } from "./statement.ts";

/** A request that should be refused and is not. */
export interface Gap {
  readonly action: string;
  readonly resource: string;
  /** Reads after "a request". */
  readonly what: string;
}

export interface GuardrailVerdict extends Decision {
  readonly present: boolean;
  /** Indices of the statements that together are the guard. */
  readonly by: readonly number[];
  /** Proof that it is not complete. */
  readonly missing: readonly Gap[];
  /** Statements that look like a part of it and do not count. */
  readonly ignored: readonly { readonly index: number; readonly reason: string }[];
}

export interface GuardrailOptions {
  /** Which requests must be refused; each guard has its usual one. */
  readonly scope?: GuardScope;
  /** Where uploads go, such as `uploads/`; matters for the scope "uploads". */
  readonly prefix?: string;
}

/**
 * Whether the Deny statements together refuse every request of a bad kind: from everyone, for every action, on every ARN of the
 * scope. A statement counts where it is for everyone and the bad request implies each of its conditions.
 */
export function guardrail(
  policy: Policy,
  bucket: BucketArn,
  guard: Guard,
  options: GuardrailOptions = {},
  budget = new Budget(),
): GuardrailVerdict {
  return withinBudget(
    budget,
    (limit) => decide(policy, bucket, guard, options, limit),
    () => ({
      answer: "unknown",
      present: false,
      reason: `it cannot be told what the policy refuses: ${TOO_COMPLEX}`,
      by: [],
      missing: [],
      ignored: [],
    }),
  );
}

function decide(
  policy: Policy,
  bucket: BucketArn,
  guard: Guard,
  options: GuardrailOptions,
  budget: Budget,
): GuardrailVerdict {
  const requests = badRequests(guard, policy);
  const scope = scopeOf(options.scope ?? DEFAULT_SCOPE[guard.kind], bucket, options.prefix ?? "");
  const denies = policy.statements
    .filter((statement) => statement.effect === "Deny" && isForEveryone(statement))
    .map((statement) => reachOf(statement, "narrowest", budget));

  const used = new Set<number>();
  const missing: Gap[] = [];
  for (const { request, refusals } of distinctSituations(requests, denies, budget)) {
    for (const { statement } of refusals) used.add(statement.index);
    missing.push(...gapsOf(request, refusals, scope, budget));
    if (missing.length > 0) break;
  }
  const ignored = policy.statements
    .filter(
      (statement) => !used.has(statement.index) && statement.conditions.some((condition) => isAbout(guard, condition)),
    )
    .map((statement) => ({ index: statement.index, reason: whyIgnored(statement, requests, budget) }));
  const by = [...used].sort((a, b) => a - b);
  const present = missing.length === 0;
  return {
    answer: present ? "yes" : "no",
    present,
    reason: reasonFor(policy, by, missing, ignored),
    by,
    missing,
    ignored,
  };
}

/** Of the bad requests those whose refusals are no superset of another's: if these are refused, all are. */
function distinctSituations(
  requests: readonly BadRequest[],
  denies: readonly Reach[],
  budget: Budget,
): { readonly request: BadRequest; readonly refusals: readonly Reach[] }[] {
  const situations = new Map<string, { request: BadRequest; refusals: readonly Reach[] }>();
  for (const request of requests) {
    const refusals = denies.filter(({ statement }) => truthOf(statement, request.facts, budget) === "always");
    const name = refusals.map(({ statement }) => statement.index).join();
    if (!situations.has(name)) situations.set(name, { request, refusals });
  }
  const all = [...situations.values()];
  return all.filter(
    (one) => !all.some((other) => other !== one && other.refusals.every((deny) => one.refusals.includes(deny))),
  );
}

interface Scope {
  readonly actions: readonly AskedAction[];
  readonly targetsOf: (action: AskedAction) => readonly Target[];
  /** Where actions that S3 does not have yet must be refused. */
  readonly future: readonly Target[];
}

/** A name under each letter for actions that S3 does not have yet: a guard of "all actions" covers these too. */
const FUTURE_ACTIONS: readonly AskedAction[] = [..."abcdefghijklmnopqrstuvwxyz"].map((letter) => ({
  name: `s3:${letter}qzjxw`,
}));

function scopeOf(scope: GuardScope, bucket: BucketArn, prefix: string): Scope {
  const inBucket = targetsInBucket(bucket);
  if (scope === "bucket") {
    return { actions: S3_ACTIONS, targetsOf: inBucket, future: [theBucket(bucket), objectsUnder(bucket, "")] };
  }
  if (scope === "uploads") return { actions: UPLOAD, targetsOf: () => [objectsUnder(bucket, prefix)], future: [] };
  const objects = objectsUnder(bucket, "");
  const targetsOf = (action: AskedAction): readonly Target[] => inBucket(action).filter(({ id }) => id === objects.id);
  return { actions: S3_ACTIONS, targetsOf, future: [objects] };
}

const UPLOAD: readonly AskedAction[] = S3_ACTIONS.filter(({ name }) => name === "s3:PutObject");

const EVERY_REQUEST: Statement = {
  index: -1,
  path: "",
  version: "2012-10-17",
  effect: "Allow",
  actions: { negated: false, patterns: ["*"], path: "" },
  conditions: [],
};

function gapsOf({ what }: BadRequest, refusals: readonly Reach[], scope: Scope, budget: Budget): Gap[] {
  const everything = reachOf(EVERY_REQUEST, "widest", budget);
  const question = { routes: [[[everything]]], denies: refusals, targetsOf: scope.targetsOf };
  const gaps = findAccess(scope.actions, question, budget);
  if (gaps.length > 0)
    return tellingFirst(gaps.map(({ action, resource }) => ({ action: action.name, resource, what })));
  const later = findAccess(FUTURE_ACTIONS, { ...question, targetsOf: () => scope.future }, budget);
  return later.slice(0, 1).map(({ resource }) => ({ action: "s3:*", resource, what }));
}

export function isForEveryone({ principals }: Statement): boolean {
  if (principals === undefined || principals.negated) return false;
  return principals.entries.some((entry) => classifyPrincipal(entry).kind === "everyone");
}

function whyIgnored(statement: Statement, requests: readonly BadRequest[], budget: Budget): string {
  if (statement.effect === "Allow") return "an Allow refuses nothing to those who are allowed elsewhere";
  if (statement.principals?.negated) return "NotPrincipal leaves some principals out";
  if (!isForEveryone(statement)) return "it is not for everyone";
  const narrowing = statement.conditions.find((condition) =>
    requests.some(
      ({ facts }) => truthOfCondition(condition, statement.version, facts(condition.keyName), budget) !== "always",
    ),
  );
  if (narrowing === undefined) return "another statement is needed beside it";
  return `${narrowing.operator.name} on ${narrowing.key} does not hold for all of these requests`;
}

function reasonFor(
  policy: Policy,
  by: readonly number[],
  missing: readonly Gap[],
  ignored: GuardrailVerdict["ignored"],
): string {
  const [gap] = missing;
  const nameAt = (index: number): string => nameOf({ index, sid: policy.statements[index]?.sid });
  if (gap === undefined) return `${by.map(nameAt).join(" and ")} ${by.length === 1 ? "refuses" : "refuse"} it`;
  const [first] = ignored;
  if (by.length === 0 && first === undefined) return "no statement denies it to everyone";
  if (by.length === 0 && first !== undefined) return `${nameAt(first.index)} does not count: ${first.reason}`;
  return `a request ${gap.what} for ${gap.action} on ${gap.resource} is not refused`;
}
