import { nameOf } from "../../policy/public.ts";
import { sharedAnswer } from "../../policy/shared-answers.ts";
import { refusedUploads, type UploadRefusal } from "../../policy/upload-refusal.ts";
import { notUnderstood, parsedPolicy } from "../parsed-policy.ts";
import { askedBucket } from "../partition.ts";
import { editFix } from "../policy-fix.ts";
import { defineRule, type Violation } from "../rule.ts";

/** Source: S3 API Reference, "Amazon S3 Signature Version 4 authentication specific policy keys", s3:authType. */
export const presignAuthType = defineRule({
  id: "presign-auth-type",
  layer: 1,
  severity: "info",
  title: "A guard against presigned URLs does not hit the uploads",
  why: "A Deny on s3:authType is meant to forbid presigned downloads. When it names all actions, the presigned uploads fail with AccessDenied, too.",
  fix: editFix('let the Deny on s3:authType name s3:GetObject only, in place of "s3:*"'),
  needs: ["policy"],

  evaluate({ bucket, arn, policy }, { mode, prefix }) {
    const document = parsedPolicy(policy);
    if (document.state === "unreadable") return notUnderstood(bucket, document.reason);
    if (document.state === "absent") return { status: "pass", message: `${bucket} has no bucket policy.` };
    const request = { mode: mode === "post" ? ("post" as const) : ("put" as const), signatureAgeMs: 0 };
    const refusals = sharedAnswer(
      document.value,
      askedBucket(arn),
      `uploads ${JSON.stringify([request, prefix])}`,
      (one, asked) => refusedUploads(one, asked, request, prefix),
    );
    if (refusals === undefined) {
      const message = `Whether the policy of ${bucket} refuses presigned uploads cannot be told: it is too complex.`;
      return { status: "unknown", message };
    }
    const [first, ...others] = refusals
      .filter(({ byAuthType }) => byAuthType)
      .map((refusal) => violationOf(refusal, bucket));
    if (first !== undefined) return { status: "fail", violations: [first, ...others] };
    return { status: "pass", message: `No guard on s3:authType refuses presigned uploads to ${bucket}.` };
  },
});

function violationOf(refusal: UploadRefusal, bucket: string): Violation {
  return {
    message: `In the policy of ${bucket}, ${nameOf(refusal)} refuses the presigned uploads themselves, by s3:authType.`,
    evidence: { statement: refusal.index + 1, keys: refusal.keys },
    witness: { action: "s3:PutObject", resource: refusal.resource, principal: "*" },
  };
}
