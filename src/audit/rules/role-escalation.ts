import { type Escalation, escalationsOf } from "../../policy/escalation.ts";
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
    const [first, ...others] = waysIn(verdict.escalations).map(({ why, found: [example, ...more] }): Violation => {
      const { action, resource } = example;
      const rest = more.length === 0 ? "" : ` and ${more.length} more of the kind`;
      const message = `The signer of ${bucket}, ${name}, can gain rights: ${why}, by ${action} on ${resource}${rest}.`;
      const actions = [example, ...more].map((one) => one.action);
      return { message, evidence: { actions }, witness: { action, resource, principal: signer.roleArn ?? name } };
    });
    if (first !== undefined) return { status: "fail", violations: [first, ...others] };
    return {
      status: "pass",
      message: `The signer of ${bucket}, ${name}, has no action that leads to more rights. ${UNSEEN}`,
    };
  },
});

interface WayIn {
  readonly why: string;
  readonly found: readonly [Escalation, ...Escalation[]];
}

/** Many actions lead to the same: one of them is enough to tell. */
function waysIn(escalations: readonly Escalation[]): readonly WayIn[] {
  const ways = new Map<string, [Escalation, ...Escalation[]]>();
  for (const escalation of escalations) {
    const known = ways.get(escalation.why);
    if (known === undefined) ways.set(escalation.why, [escalation]);
    else known.push(escalation);
  }
  return [...ways].map(([why, found]) => ({ why, found }));
}
