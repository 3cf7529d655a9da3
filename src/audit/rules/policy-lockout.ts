import { lockoutOf } from "../../policy/lockout.ts";
import { nameOf } from "../../policy/public.ts";
import { sharedAnswer } from "../../policy/shared-answers.ts";
import { notUnderstood, parsedPolicy } from "../parsed-policy.ts";
import { askedBucket } from "../partition.ts";
import { defineRule } from "../rule.ts";

export const policyLockout = defineRule({
  id: "policy-lockout",
  layer: 3,
  severity: "high",
  title: "The owner's administrators can still change the policy",
  why: "A Deny for everyone hits your own administrators, too. When they can neither change nor delete the policy, only the root user of the account can repair it.",
  fix: {
    cli: `# as the root user of account ACCOUNT, the only one whom the policy cannot keep out
aws s3api delete-bucket-policy --bucket BUCKET`,
    terraform: `# in the Deny statement: leave s3:PutBucketPolicy, s3:GetBucketPolicy and s3:DeleteBucketPolicy out,
# or spare the role that deploys
condition {
  test     = "ArnNotEquals"
  variable = "aws:PrincipalArn"
  values   = ["arn:PARTITION:iam::ACCOUNT:role/DEPLOY_ROLE"]
}`,
  },
  needs: ["policy"],

  evaluate({ bucket, arn, accountId, policy }) {
    const document = parsedPolicy(policy);
    if (document.state === "unreadable") return notUnderstood(bucket, document.reason);
    if (document.state === "absent") {
      return { status: "pass", message: `${bucket} has no bucket policy that could shut anyone out.` };
    }
    const verdict = sharedAnswer(document.value, askedBucket(arn), `lockout ${accountId}`, (one, asked) =>
      lockoutOf(one, asked, accountId),
    );
    if (verdict.answer === "unknown") return { status: "unknown", message: `${bucket}: ${verdict.reason}.` };
    if (verdict.answer === "yes") {
      const statements = verdict.by.map((index) => index + 1);
      const message = `The policy of ${bucket} shuts its own administrators out: ${verdict.reason}.`;
      const witness = { action: "s3:PutBucketPolicy", resource: arn, principal: "any administrator" };
      return { status: "fail", violations: [{ message, evidence: { statements }, witness }] };
    }
    const narrow = verdict.conditional.map((index) => nameOf({ index, sid: document.value.statements[index]?.sid }));
    const remark = narrow.length === 0 ? "" : ` Under its conditions ${narrow.join(" and ")} does not let them.`;
    return { status: "pass", message: `Administrators can change the policy of ${bucket}.${remark}` };
  },
});
