import { findAccess, reachOf } from "../../policy/access.ts";
import { Budget, withinBudget } from "../../policy/budget.ts";
import type { Policy } from "../../policy/document.ts";
import { type NegatedAllow, negatedAllows } from "../../policy/negation.ts";
import { nameOf } from "../../policy/public.ts";
import { S3_ACTIONS, tellingFirst } from "../../policy/s3-service.ts";
import { targetsInBucket } from "../../policy/s3-targets.ts";
import { notUnderstood, parsedPolicy } from "../parsed-policy.ts";
import { askedBucket } from "../partition.ts";
import { editFix } from "../policy-fix.ts";
import { defineRule, type Violation, type Witness } from "../rule.ts";

export const allowWithNegation = defineRule({
  id: "allow-with-negation",
  layer: 3,
  severity: "high",
  title: "Nothing is allowed by naming what is not",
  why: "An Allow with NotPrincipal, NotAction or NotResource means everyone, every action or every object but the named ones. What AWS or you add tomorrow is allowed without anybody deciding it.",
  fix: editFix(
    "write Principal, Action and Resource with what is meant, in place of NotPrincipal, NotAction and NotResource",
  ),
  needs: ["policy"],

  evaluate({ bucket, arn, policy }) {
    const document = parsedPolicy(policy);
    if (document.state === "unreadable") return notUnderstood(bucket, document.reason);
    if (document.state === "absent") return { status: "pass", message: `${bucket} has no bucket policy.` };
    const [first, ...others] = negatedAllows(document.value).map((found) =>
      violationOf(found, document.value, bucket, arn),
    );
    if (first !== undefined) return { status: "fail", violations: [first, ...others] };
    return { status: "pass", message: `The policy of ${bucket} names whom and what it allows.` };
  },
});

function violationOf(found: NegatedAllow, policy: Policy, bucket: string, arn: string): Violation {
  const witness = exampleOf(found, policy, arn);
  return {
    message: `In the policy of ${bucket}, ${nameOf(found)} has ${found.element} with Allow: it ${found.reason}.`,
    evidence: { statement: found.index + 1, element: found.element },
    ...(witness === undefined ? {} : { witness }),
  };
}

/** The most telling of what the statement allows, whoever the caller. */
function exampleOf({ index, element }: NegatedAllow, policy: Policy, arn: string): Witness | undefined {
  const statement = policy.statements[index];
  if (statement === undefined) return undefined;
  return withinBudget(
    new Budget(),
    (budget) => {
      const question = {
        routes: [[[reachOf(statement, "narrowest", budget)]]],
        denies: [],
        targetsOf: targetsInBucket(askedBucket(arn)),
      };
      const found = findAccess(S3_ACTIONS, question, budget);
      const [first] = tellingFirst(found.map(({ action, resource }) => ({ action: action.name, resource })));
      return first === undefined || element !== "NotPrincipal" ? first : { ...first, principal: "*" };
    },
    () => undefined,
  );
}
