import { type LintCode, type LintFinding, lintPolicy } from "../../policy/lint.ts";
import { sharedAnswer } from "../../policy/shared-answers.ts";
import { parsedPolicy } from "../parsed-policy.ts";
import { askedBucket } from "../partition.ts";
import { editFix } from "../policy-fix.ts";
import { defineRule, type Severity, type Violation } from "../rule.ts";

export const policyGrammar = defineRule({
  id: "policy-grammar",
  layer: "extra",
  severity: "low",
  title: "The policy does what it seems to say",
  why: "A misspelt action or a condition that can never hold is accepted without a word and protects nothing. It looks like a guard to everyone who reads it.",
  fix: editFix("correct the places that are named; aws accessanalyzer validate-policy checks them again"),
  needs: ["policy"],

  evaluate({ bucket, arn, policy }) {
    const document = parsedPolicy(policy);
    if (document.state === "absent") return { status: "pass", message: `${bucket} has no bucket policy.` };
    if (document.state === "unreadable") {
      // for this rule, no policy at all is an answer: S3 would refuse the document
      const message = `The policy of ${bucket} is not one that S3 would take: ${document.reason}.`;
      return { status: "fail", violations: [{ message, severity: "medium" }] };
    }
    const [first, ...others] = sharedAnswer(document.value, askedBucket(arn), "lint", lintPolicy).map((finding) =>
      violationOf(finding, bucket),
    );
    if (first !== undefined) return { status: "fail", violations: [first, ...others] };
    return { status: "pass", message: `Nothing in the policy of ${bucket} is misspelt or without effect.` };
  },
});

/** Untidy, and without consequence today. */
const harmless: ReadonlySet<LintCode> = new Set<LintCode>(["duplicate-sid", "duplicate-value", "version-missing"]);

function violationOf({ code, path, message }: LintFinding, bucket: string): Violation {
  const place =
    path === "" ? `The policy of ${bucket} ${message}.` : `In the policy of ${bucket}, ${path}: ${message}.`;
  return { message: place, evidence: { code, path }, ...severityOf(code) };
}

function severityOf(code: LintCode): { readonly severity?: Severity } {
  return harmless.has(code) ? { severity: "info" } : {};
}
