import { roleTrust } from "../../../src/audit/rules/role-trust.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";
import { goodSigner } from "../../support/good-bucket.ts";
import { documentOf, owner, type StatementJson, stranger } from "../../support/policy-documents.ts";

function trusting(Principal: unknown, more: StatementJson = {}) {
  return { ...goodSigner, trust: documentOf({ Effect: "Allow", Principal, Action: "sts:AssumeRole", ...more }) };
}

describeRule(roleTrust, [
  [
    "does not apply without a signer",
    aBucket(),
    notApplicable("Nobody said who signs URLs for drop: --function NAME or --role ARN names the signer."),
  ],
  [
    "does not apply where the trust was not read",
    aBucket({ signer: { policies: [] } }),
    notApplicable("Whom the signer's role trusts was not read."),
  ],
  [
    "passes for Lambda alone",
    aBucket({ signer: goodSigner }),
    passes("Nobody may take on the role presign but who is meant to."),
  ],
  [
    "fails for everyone",
    aBucket({ signer: trusting("*") }),
    fails("The signer of drop, the role presign, trusts * (statement 1): anyone with an AWS account is."),
  ],
  [
    "fails for the account as a whole",
    aBucket({ signer: trusting({ AWS: owner }) }),
    fails(
      "The signer of drop, the role presign, trusts 111122223333 (statement 1): everyone whom that account allows is.",
    ),
  ],
  [
    "passes for a role that is meant to",
    aBucket({ signer: trusting({ AWS: `arn:aws:iam::${owner}:role/deploy` }) }),
    passes("Nobody may take on the role presign but who is meant to."),
    { trustedPrincipals: [`arn:aws:iam::${owner}:role/deploy`] },
  ],
  [
    "fails for another account",
    aBucket({ signer: trusting({ AWS: stranger }) }),
    fails(
      "The signer of drop, the role presign, trusts 444455556666 (statement 1): everyone whom that account allows is.",
    ),
  ],
  [
    "fails for another service beside it",
    aBucket({ signer: trusting({ Service: ["lambda.amazonaws.com", "ec2.amazonaws.com"] }) }),
    fails(
      "The signer of drop, the role presign, trusts ec2.amazonaws.com (statement 1): this service is not expected to use the role.",
    ),
  ],
  [
    "passes for a container where no function was named",
    aBucket({ signer: { policies: [], trust: trusting({ Service: "ecs-tasks.amazonaws.com" }).trust } }),
    passes("Nobody may take on the signer's role but who is meant to."),
  ],
  [
    "fails for NotPrincipal",
    aBucket({ signer: trusting(undefined, { Principal: undefined, NotPrincipal: { AWS: stranger } }) }),
    fails(
      "The signer of drop, the role presign, trusts NotPrincipal (statement 1): everyone who is not named is trusted.",
    ),
  ],
  [
    "fails for a web identity provider",
    aBucket({ signer: trusting({ Federated: "cognito-identity.amazonaws.com" }) }),
    fails(
      "The signer of drop, the role presign, trusts cognito-identity.amazonaws.com (statement 1): anyone can have an account there.",
    ),
  ],
  [
    "is unknown for what is no policy",
    aBucket({ signer: { ...goodSigner, trust: { Statement: {} } } }),
    isUnknown(
      "The trust policy of the role presign cannot be understood: Statement: has neither Principal nor NotPrincipal.",
    ),
  ],
  [
    "is unknown where the role could not be read",
    aBucket({ signer: unread("AccessDenied: iam:GetRole") }),
    isUnknown(
      "The signer's role and function could not be read (AccessDenied: iam:GetRole); it takes iam:GetRole.",
      "iam:GetRole",
    ),
  ],
]);
