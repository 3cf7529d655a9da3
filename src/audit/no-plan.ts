import type { RuleOutcome } from "./rule.ts";

/** What a rule about changes says of a bucket as it is. */
export function noPlan(bucket: string): RuleOutcome {
  return { status: "not-applicable", message: `No Terraform plan says what will change of ${bucket}.` };
}
