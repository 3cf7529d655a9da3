import { nameOf } from "../../policy/public.ts";
import { trustTooWide } from "../../policy/trust.ts";
import { parsedPolicy } from "../parsed-policy.ts";
import { defineRule, type Violation } from "../rule.ts";
import { nameOfSigner, noSigner } from "../signer-rights.ts";

export const roleTrust = defineRule({
  id: "role-trust",
  layer: 2,
  severity: "high",
  title: "Only the signing function may take on its role",
  why: "Whoever may take on the role signs upload URLs, from anywhere and without your endpoint. Its trust policy decides who that is.",
  fix: {
    cli: `aws iam update-assume-role-policy --role-name ROLE --policy-document \\
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}'`,
    terraform: `data "aws_iam_policy_document" "signer_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}
# aws_iam_role: assume_role_policy = data.aws_iam_policy_document.signer_trust.json`,
  },
  needs: ["signer"],

  evaluate({ bucket, signer }, { trustedPrincipals }) {
    if (signer === undefined) return noSigner(bucket);
    const name = nameOfSigner(signer);
    const trust = parsedPolicy(signer.trust, "trust");
    if (trust.state === "absent") {
      return { status: "not-applicable", message: `Whom ${name} trusts was not read.` };
    }
    if (trust.state === "unreadable") {
      return { status: "unknown", message: `The trust policy of ${name} cannot be understood: ${trust.reason}.` };
    }
    const services = signer.function === undefined ? computeServices : ["lambda.amazonaws.com"];
    const verdict = trustTooWide(trust.value, { services, principals: trustedPrincipals });
    const tooMuch = verdict.tooMuch.map(({ index, principal, reason }): Violation => {
      const sid = trust.value.statements[index]?.sid;
      const message = `The signer of ${bucket}, ${name}, trusts ${principal} (${nameOf({ index, sid })}): ${reason}.`;
      return { message, witness: { action: "sts:AssumeRole", resource: signer.roleArn ?? name, principal } };
    });
    const confusable = verdict.confusable.map((service): Violation => {
      const message = `The signer of ${bucket}, ${name}, trusts ${service} whoever makes it act: there is no aws:SourceArn or aws:SourceAccount.`;
      return { message, severity: "medium" };
    });
    const [first, ...others] = [...tooMuch, ...confusable];
    if (first !== undefined) return { status: "fail", violations: [first, ...others] };
    return { status: "pass", message: `Nobody may take on ${name} but who is meant to.` };
  },
});

/** Where a role is named and no function: it may as well belong to a container or an instance. */
const computeServices: readonly string[] = ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com", "ec2.amazonaws.com"];
