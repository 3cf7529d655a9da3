import { excessOf, type Permission } from "../../policy/excess.ts";
import { nameOf } from "../../policy/public.ts";
import { defineRule } from "../rule.ts";
import { nameOfSigner, noSigner, signerRights, UNSEEN } from "../signer-rights.ts";

export const roleScope = defineRule({
  id: "role-scope",
  layer: 2,
  severity: "high",
  title: "The signer's role may upload and no more",
  why: "A presigned URL can do whatever its signer may do. A bug in the function, or its stolen credentials, then reads, lists or deletes what the role was never meant to touch.",
  fix: {
    cli: `aws iam put-role-policy --role-name ROLE --policy-name uploads --policy-document \\
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:PutObject","s3:AbortMultipartUpload","s3:ListMultipartUploadParts"],"Resource":"arn:PARTITION:s3:::BUCKET/PREFIX*"}]}'
# then take the rest away: aws iam delete-role-policy, aws iam detach-role-policy`,
    terraform: `data "aws_iam_policy_document" "signer" {
  statement {
    actions   = ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
    resources = ["arn:PARTITION:s3:::BUCKET/PREFIX*"]
  }
}`,
  },
  needs: ["signer", "policy"],

  evaluate({ bucket, signer, ...facets }, { wanted }) {
    if (signer === undefined) return noSigner(bucket);
    const rights = signerRights({ bucket, ...facets }, signer);
    const verdict = excessOf(rights, wanted);
    if (verdict.answer === "unknown") {
      const message = `What the signer of ${bucket} may do cannot be told: ${verdict.reason}.`;
      return { status: "unknown", message };
    }
    const name = nameOfSigner(signer);
    const [first] = verdict.excess;
    if (first === undefined) {
      return { status: "pass", message: `${capitalised(name)} may upload to ${bucket} and no more. ${UNSEEN}` };
    }
    const message = `${capitalised(name)} may do more with S3 than upload to ${bucket}: ${shown(verdict.excess)}.`;
    const witness = { action: first.action, resource: first.resource, principal: signer.roleArn ?? name };
    const evidence = verdict.excess.slice(0, MOST_EXAMPLES).map(({ action, resource, by }) => {
      return { action, resource, by: by.map(({ policy, index }) => `${policy}, statement ${index + 1}`) };
    });
    return { status: "fail", violations: [{ message, evidence, witness }] };
  },
});

const MOST_EXAMPLES = 20;
const SHOWN = 3;

function shown(excess: readonly Permission[]): string {
  const rest = excess.length - SHOWN;
  const examples = excess.slice(0, SHOWN).map(exampleText).join("; ");
  return rest > 0 ? `${examples}; and ${rest} more ${rest === 1 ? "action" : "actions"}` : examples;
}

function exampleText({ action, resource, by, conditional }: Permission): string {
  const [first] = by;
  const source =
    first === undefined ? "" : ` (${nameOf(first)} of ${first.policy}${conditional ? ", on a condition" : ""})`;
  return `${action} on ${resource}${source}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
