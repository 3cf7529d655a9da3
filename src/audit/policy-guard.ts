/** What rules answer that ask for a guard: Deny statements which refuse a kind of request, whoever makes it. */
import type { Guard } from "../policy/bad-request.ts";
import type { Policy } from "../policy/document.ts";
import { type GuardrailOptions, type GuardrailVerdict, guardrail } from "../policy/guardrail.ts";
import { sharedAnswer } from "../policy/shared-answers.ts";
import { notUnderstood, parsedPolicy } from "./parsed-policy.ts";
import { askedBucket } from "./partition.ts";
import type { RuleOutcome, Violation } from "./rule.ts";

export interface GuardedBucket {
  readonly bucket: string;
  readonly arn: string;
  readonly policy: unknown;
}

export interface WantedGuard {
  readonly guard: Guard;
  readonly options?: GuardrailOptions;
  /** What the bucket does without the guard; reads after its name: `accepts plain HTTP`. */
  readonly without: string;
  /** What it does with it: `refuses plain HTTP`. */
  readonly with: string;
}

export function guardOutcome({ bucket, arn, policy }: GuardedBucket, wanted: WantedGuard): RuleOutcome {
  const document = parsedPolicy(policy);
  if (document.state === "unreadable") return notUnderstood(bucket, document.reason);
  if (document.state === "absent") {
    return { status: "fail", violations: [{ message: `${bucket} ${wanted.without}: it has no bucket policy.` }] };
  }
  const verdict = guardOf(document.value, arn, wanted.guard, wanted.options);
  if (verdict.answer === "unknown") return { status: "unknown", message: `${bucket}: ${verdict.reason}.` };
  if (verdict.present) return { status: "pass", message: `${bucket} ${wanted.with}: ${verdict.reason}.` };
  const message = `${bucket} ${wanted.without}: ${verdict.reason}.`;
  return { status: "fail", violations: [{ message, ...proofOf(verdict) }] };
}

/** Whether the policy of the bucket with this ARN refuses what the guard is for; of what is missing, the most telling request. */
export function guardOf(policy: Policy, arn: string, guard: Guard, options: GuardrailOptions = {}): GuardrailVerdict {
  const question = `guard ${JSON.stringify([guard, options])}`;
  return sharedAnswer(policy, askedBucket(arn), question, (one, bucket) => {
    const verdict = guardrail(one, bucket, guard, options);
    return { ...verdict, missing: verdict.missing.slice(0, 1) };
  });
}

function proofOf({ missing, ignored }: GuardrailVerdict): Pick<Violation, "witness" | "evidence"> {
  const [gap] = missing;
  const statements = ignored.map(({ index, reason }) => ({ statement: index + 1, reason }));
  return {
    ...(gap === undefined ? {} : { witness: { action: gap.action, resource: gap.resource, principal: "*" } }),
    ...(statements.length === 0 ? {} : { evidence: { doesNotCount: statements } }),
  };
}
