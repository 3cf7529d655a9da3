import { nameOf } from "../../policy/public.ts";
import { signatureAgeLimits } from "../../policy/signature-age.ts";
import { notUnderstood, parsedPolicy } from "../parsed-policy.ts";
import { editFix } from "../policy-fix.ts";
import { defineRule, type Violation } from "../rule.ts";

export const presignAgeUnit = defineRule({
  id: "presign-age-unit",
  layer: 1,
  severity: "high",
  title: "The limit on the age of URLs is in milliseconds",
  why: "s3:signatureAge counts milliseconds, so 900 is less than a second and not a quarter of an hour. Uploads then fail, at random at first, because a clock is a little off or a function starts slowly.",
  fix: editFix("write the limit of s3:signatureAge in milliseconds: MAX_AGE_MS"),
  needs: ["policy"],

  evaluate({ bucket, policy }) {
    const document = parsedPolicy(policy);
    if (document.state === "unreadable") return notUnderstood(bucket, document.reason);
    const { statements } = document.state === "present" ? document.value : { statements: [] };
    const limits = document.state === "present" ? signatureAgeLimits(document.value) : [];
    if (limits.length === 0) {
      return { status: "not-applicable", message: `The policy of ${bucket} puts no limit on the age of signatures.` };
    }
    const [first, ...others] = limits
      .filter(({ looksLikeSeconds }) => looksLikeSeconds)
      .map(({ index, limitMs, path }): Violation => {
        const name = nameOf({ index, sid: statements[index]?.sid });
        const meant = limitMs > 0 ? ` If ${limitMs} seconds were meant, it is ${limitMs * 1000}.` : "";
        const message = `In the policy of ${bucket}, ${name} refuses URLs that are older than ${limitMs} milliseconds.${meant}`;
        return { message, evidence: { path, limitMs } };
      });
    if (first !== undefined) return { status: "fail", violations: [first, ...others] };
    const limit = Math.min(...limits.map(({ limitMs }) => limitMs));
    return {
      status: "pass",
      message: `The policy of ${bucket} limits the age of signatures to ${limit / 1000} seconds.`,
    };
  },
});
