import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/audit/evaluate.ts";
import type { IntentOptions } from "../../src/audit/intent-from.ts";
import type { Status } from "../../src/audit/result.ts";
import type { Rule, Severity } from "../../src/audit/rule.ts";
import type { BucketSnapshot } from "../../src/audit/snapshot.ts";
import { anIntent } from "./audit-bucket.ts";

/** What a reader sees: the status and the sentence; for a failure one sentence for each thing found. */
export interface Expected {
  readonly status: Status;
  readonly messages: readonly string[];
  /** Of a failure, where it is not the rule's own. */
  readonly severity?: Severity;
  /** Of an unknown: the IAM actions that would show it. */
  readonly missing?: readonly string[];
}

export type RuleRow = readonly [sentence: string, bucket: BucketSnapshot, expected: Expected, intent?: IntentOptions];

export const passes = (message: string): Expected => ({ status: "pass", messages: [message] });
export const notApplicable = (message: string): Expected => ({ status: "not-applicable", messages: [message] });
export const fails = (...messages: readonly string[]): Expected => ({ status: "fail", messages });
export const failsWith = (severity: Severity, ...messages: readonly string[]): Expected => ({
  status: "fail",
  messages,
  severity,
});
export const isUnknown = (message: string, ...missing: readonly string[]): Expected => ({
  status: "unknown",
  messages: [message],
  missing,
});

/** One test for each row; it goes through `evaluate`, so a facet that cannot be read is a row like any other. */
export function describeRule(rule: Rule, rows: readonly RuleRow[]): void {
  describe(rule.id, () => {
    test.for(rows)("%s", ([, bucket, expected, options]) => {
      const [result] = evaluate(bucket, [rule], anIntent(options, bucket));
      expect(result?.rule).toBe(rule.id);
      const { status, message = "", evidence = [], severity } = result ?? {};
      const found = status === "fail" ? evidence.map((one) => one.message) : [message];
      const missing = evidence.flatMap(({ missingAction = [] }) => missingAction);
      expect({ status, messages: found }).toEqual({ status: expected.status, messages: expected.messages });
      expect(severity).toBe(expected.severity ?? rule.severity);
      expect(status === "unknown" ? missing : []).toEqual(expected.missing ?? []);
    });
  });
}
