import { escalationsOf } from "../../policy/escalation.ts";
import { defineRule, type Violation } from "../rule.ts";
import { nameOfSigner, noSigner, signerRights, UNSEEN } from "../signer-rights.ts";

export const roleEscalation = defineRule({
  id: "role-escalation",
  layer: 2,
  severity: "high",
  title: "The signer's role cannot give itself more rights",
  why: "With one of these actions, whoever gets hold of the function's credentials makes more of them: other roles, other policies, an open bucket. All other limits of the role are then worth nothing.",
  fix: {
    cli: `aws iam list-role-policies --role-name ROLE
aws iam list-attached-role-policies --role-name ROLE
# take the actions that the finding names out of the policy; for one that is attached:
aws iam detach-role-policy --role-name ROLE --policy-arn POLICY_ARN`,
    terraform: `# in the policies of the role: delete the actions that the finding names, and detach
# AdministratorAccess, PowerUserAccess, AmazonS3FullAccess and the like
# (aws_iam_role_policy_attachment)`,
  },
  needs: ["signer", "policy"],

  evaluate({ bucket, signer, ...facets }) {
    if (signer === undefined) return noSigner(bucket);
    const verdict = escalationsOf(signerRights({ bucket, ...facets }, signer, "own"));
    if (verdict.answer === "unknown") {
      const message = `Whether the signer of ${bucket} can widen its rights cannot be told: ${verdict.reason}.`;
      return { status: "unknown", message };
    }
    const name = nameOfSigner(signer);
    const [first, ...others] = verdict.escalations.map(({ action, resource, why }): Violation => {
      const message = `The signer of ${bucket}, ${name}, may ${action} on ${resource}: ${why}.`;
      return { message, witness: { action, resource, principal: signer.roleArn ?? name } };
    });
    if (first !== undefined) return { status: "fail", violations: [first, ...others] };
    return {
      status: "pass",
      message: `The signer of ${bucket}, ${name}, has no action that leads to more rights. ${UNSEEN}`,
    };
  },
});
