import { policyWidened } from "../../../src/audit/rules/policy-widened.ts";
import { aBucket } from "../../support/audit-bucket.ts";
import { describeRule, fails, failsWith, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";
import { aChange } from "../../support/planned-change.ts";
import { denyAll, documentOf, drop } from "../../support/policy-documents.ts";

const objects = `${drop.arn}/*`;
const partner = "arn:aws:iam::444455556666:root";
const own = "arn:aws:iam::111122223333:role/reader";
const allow = (AWS: string, changes: object = {}) => ({
  Effect: "Allow",
  Principal: { AWS },
  Action: "s3:GetObject",
  Resource: objects,
  ...changes,
});
const replacing = (before: unknown, policy: unknown) => aBucket({ change: aChange({ policy: before }), policy });
const wider = "The new policy of drop is wider than the old one: it";
const same = passes("The new policy of drop allows nobody more than the old one.");
const onVpc = { Condition: { StringEquals: { "aws:SourceVpc": "vpc-12345678" } } };

describeRule(policyWidened, [
  ["has nothing to say without a plan", aBucket(), notApplicable("No Terraform plan says what will change of drop.")],
  [
    "passes where there was no policy before",
    aBucket({ change: aChange({}), policy: documentOf(allow("*")) }),
    passes("The plan replaces no policy of drop with another."),
  ],
  ["passes where the policy stays", replacing(documentOf(allow(partner)), documentOf(allow(partner))), same],
  [
    "passes where the same is written in another way",
    replacing(documentOf(allow(partner, { Action: ["s3:GetObject"], Sid: "Old" })), documentOf(allow(partner))),
    same,
  ],
  [
    "passes where less is allowed",
    replacing(documentOf(allow(partner, { Action: "s3:*" })), documentOf(allow(partner))),
    same,
  ],
  [
    "passes where a condition comes on top",
    replacing(documentOf(allow(partner)), documentOf(allow(partner, onVpc))),
    same,
  ],
  [
    "passes where a Deny comes on top",
    replacing(documentOf(allow(partner)), documentOf(allow(partner), denyAll({}))),
    same,
  ],
  [
    "fails where it becomes public",
    replacing(documentOf(allow(partner)), documentOf(allow("*"))),
    failsWith(
      "critical",
      `${wider} becomes public: statement 1: the principal is "*": everyone, without credentials too.`,
      `${wider} lets strangers call s3:GetObject on arn:aws:s3:::drop/x.`,
    ),
  ],
  [
    "fails where strangers get one more action",
    replacing(documentOf(allow("*")), documentOf(allow("*", { Action: ["s3:GetObject", "s3:PutObject"] }))),
    failsWith("critical", `${wider} lets strangers call s3:PutObject on arn:aws:s3:::drop/x.`),
  ],
  [
    "fails where another account comes in",
    replacing(documentOf(allow(own)), documentOf(allow(own), allow(partner))),
    fails(`${wider} allows ${partner} s3:GetObject on arn:aws:s3:::drop/x.`),
  ],
  [
    "fails where a named account gets more",
    replacing(documentOf(allow(partner)), documentOf(allow(partner, { Action: ["s3:GetObject", "s3:PutObject"] }))),
    fails(`${wider} allows ${partner} s3:PutObject on arn:aws:s3:::drop/x.`),
  ],
  [
    "fails where a condition falls away",
    replacing(documentOf(allow(partner, onVpc)), documentOf(allow(partner))),
    fails(`${wider} allows ${partner} s3:GetObject on arn:aws:s3:::drop/x.`),
  ],
  [
    "is mild about somebody of the own account",
    replacing(documentOf(allow(partner)), documentOf(allow(partner), allow(own))),
    failsWith("low", `${wider} allows ${own} s3:GetObject on arn:aws:s3:::drop/x.`),
  ],
  [
    "is unknown where the old policy cannot be understood",
    replacing("{}", documentOf(allow(partner))),
    isUnknown("The policy that drop has now cannot be understood, so nothing can be compared with it."),
  ],
]);
