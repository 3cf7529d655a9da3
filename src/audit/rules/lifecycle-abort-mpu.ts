import type { LifecycleFilter, LifecycleRule } from "../facets.ts";
import { defineRule } from "../rule.ts";

export const lifecycleAbortMpu = defineRule({
  id: "lifecycle-abort-mpu",
  layer: "extra",
  severity: "medium",
  title: "Unfinished uploads are cleared away",
  why: "The parts of an upload that was never completed are in no listing, and are billed until someone aborts it. Every closed browser tab leaves some.",
  fix: {
    cli: `# this replaces the whole lifecycle configuration: add the rules that are there
aws s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration \\
  '{"Rules":[{"ID":"abort-unfinished-uploads","Status":"Enabled","Filter":{},"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":1}}]}'`,
    terraform: `resource "aws_s3_bucket_lifecycle_configuration" "uploads" {
  bucket = "BUCKET"
  rule {
    id     = "abort-unfinished-uploads"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}`,
  },
  needs: ["lifecycle"],

  evaluate({ bucket, lifecycle = [] }, { prefix }) {
    const where = prefix === "" ? "" : ` under ${prefix}`;
    const reasons = lifecycle.map((rule) => ({ rule, reason: whyNot(rule, prefix) }));
    const days = reasons.flatMap(({ rule, reason }) => (reason === undefined ? [daysOf(rule) ?? 0] : []));
    if (days.length > 0) {
      const after = Math.min(...days);
      return {
        status: "pass",
        message: `${bucket} aborts unfinished uploads${where} after ${after} ${after === 1 ? "day" : "days"}.`,
      };
    }
    const close = reasons.filter(({ rule }) => rule.AbortIncompleteMultipartUpload !== undefined);
    const cause =
      close.map(({ rule, reason }) => `${nameOf(rule)} ${reason}`).join("; ") || "no lifecycle rule does it";
    const message = `${bucket} keeps unfinished uploads${where} for ever: ${cause}.`;
    return { status: "fail", violations: [{ message, evidence: close.map(({ rule }) => rule) }] };
  },
});

/** Why the rule does not clear all that may be left under the prefix; undefined where it does. Reads after its name. */
function whyNot(rule: LifecycleRule, prefix: string): string | undefined {
  const days = daysOf(rule);
  if (days === undefined || !Number.isInteger(days) || days < 1) return "does not say after how many days";
  if (rule.Status !== "Enabled") return "is disabled";
  const filters = [rule.Filter, rule.Filter?.And].filter((filter) => filter !== undefined);
  // S3 refuses the abort action beside these; what a plan or a file says may still have them
  if (filters.some((filter) => hasTag(filter))) return "is limited to tags, which parts do not have";
  if (filters.some((filter) => hasSize(filter))) return "is limited to sizes, which unfinished uploads do not have";
  const prefixes = [rule.Prefix, ...filters.map((filter) => filter.Prefix)].filter((text) => typeof text === "string");
  const narrow = prefixes.find((text) => !prefix.startsWith(text));
  return narrow === undefined ? undefined : `covers only ${narrow}`;
}

function daysOf({ AbortIncompleteMultipartUpload: action }: LifecycleRule): number | undefined {
  return action?.DaysAfterInitiation;
}

function hasTag(filter: LifecycleFilter & { readonly Tags?: readonly unknown[] }): boolean {
  return (filter.Tag ?? undefined) !== undefined || (filter.Tags ?? []).length > 0;
}

function hasSize({ ObjectSizeGreaterThan, ObjectSizeLessThan }: LifecycleFilter): boolean {
  return typeof ObjectSizeGreaterThan === "number" || typeof ObjectSizeLessThan === "number";
}

function nameOf({ ID }: LifecycleRule): string {
  return ID === undefined || ID === "" ? "a rule without a name" : `the rule "${ID}"`;
}
