import { canPerform, type EffectVerdict } from "../../policy/effective-permission.ts";
import type { Wanted } from "../../policy/excess.ts";
import type { PrivilegeFacts } from "../../policy/privilege.ts";
import { signatureAgeLimits } from "../../policy/signature-age.ts";
import { algorithmOf, keyOf } from "../default-encryption.ts";
import type { EncryptionRule, Signer } from "../facets.ts";
import type { Intent } from "../intent.ts";
import { parsedPolicy } from "../parsed-policy.ts";
import { defineRule, type Violation } from "../rule.ts";
import { nameOfSigner, noSigner, signerRights, UNSEEN } from "../signer-rights.ts";
import { type OtherHeaders, uploadRequests } from "../upload-request.ts";
import { urlLives } from "../url-life.ts";

/** Signing never fails: what the role may not do shows only when the URL is used. */
export const roleWorks = defineRule({
  id: "role-works",
  layer: 2,
  severity: "high",
  title: "The uploads that the signer signs are allowed",
  why: "Signing asks nobody: a URL that its signer may not use looks like any other and fails with AccessDenied at the user. A boundary, a Deny or a missing right to the KMS key is then hard to find.",
  fix: {
    cli: `aws iam put-role-policy --role-name ROLE --policy-name uploads --policy-document \\
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:PutObject","s3:AbortMultipartUpload","s3:ListMultipartUploadParts"],"Resource":"arn:PARTITION:s3:::BUCKET/PREFIX*"}]}'
# denied, not just missing? change the statement that the finding names`,
    terraform: `data "aws_iam_policy_document" "signer" {
  statement {
    actions   = ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
    resources = ["arn:PARTITION:s3:::BUCKET/PREFIX*"]
  }
}`,
  },
  needs: ["signer", "policy", "encryption"],

  evaluate({ bucket, arn, accountId, policy, signer, encryption }, intent) {
    if (signer === undefined) return noSigner(bucket);
    const rights = signerRights({ bucket, arn, accountId, policy }, signer);
    const upload = { action: "s3:PutObject", resource: `${arn}/${intent.prefix}*` };
    const verdict = verdictOn(upload, rights, signer, intent, 0);
    if (verdict.answer === "no") return { status: "fail", violations: [refusal(verdict, bucket, signer)] };
    if (verdict.answer === "unknown") {
      return {
        status: "unknown",
        message: `Whether uploads to ${bucket} are allowed cannot be told: ${verdict.reason}.`,
      };
    }
    const [first, ...others] = [
      ...keyViolations(rights, encryption, { bucket, signer, intent }),
      ...lifeViolations(rights, policy, upload, { bucket, signer, intent }),
    ];
    if (first !== undefined) return { status: "fail", violations: [first, ...others] };
    const name = nameOfSigner(signer);
    return {
      status: "pass",
      message: `What ${name} signs for ${bucket} is allowed under ${upload.resource}. ${UNSEEN}`,
    };
  },
});

interface Upload {
  readonly bucket: string;
  readonly signer: Signer;
  readonly intent: Intent;
}

/**
 * What works with the headers that are known works. What does not may still work with one that the signer alone knows of, such as
 * an encryption that the policy asks for.
 */
function verdictOn(
  upload: Wanted,
  rights: PrivilegeFacts,
  signer: Signer,
  intent: Intent,
  ageMs: number,
): EffectVerdict {
  const verdictWith = (headers: OtherHeaders): EffectVerdict =>
    worstOf(uploadRequests(signer, intent, { ageMs, headers }).map((request) => canPerform(rights, [upload], request)));
  const verdict = verdictWith("signed");
  return verdict.answer === "no" ? verdictWith("any") : verdict;
}

function worstOf(verdicts: readonly EffectVerdict[]): EffectVerdict {
  const worst =
    verdicts.find(({ answer }) => answer === "no") ??
    verdicts.find(({ answer }) => answer === "unknown") ??
    verdicts[0];
  return worst ?? { answer: "yes", reason: "nothing is needed", failures: [] };
}

function refusal({ reason, failures }: EffectVerdict, bucket: string, signer: Signer): Violation {
  const [failure] = failures;
  const message = `Uploads to ${bucket} fail with AccessDenied: ${reason}.`;
  if (failure === undefined) return { message };
  const { action, resource } = failure;
  return { message, witness: { action, resource, principal: signer.roleArn ?? nameOfSigner(signer) } };
}

/** Only with a key of the customer's: the one that AWS manages for S3 is open to everyone in the account. */
function keyViolations(
  rights: PrivilegeFacts,
  encryption: readonly EncryptionRule[] | undefined,
  { bucket, signer, intent }: Upload,
): readonly Violation[] {
  const key = algorithmOf(encryption).startsWith("aws:kms") ? keyOf(encryption) : undefined;
  // an id or an alias leaves open which ARN a policy would have to name
  if (key === undefined || !/^arn:[^:]+:kms:[^:]+:\d+:key\//.test(key)) return [];
  const actions = ["kms:GenerateDataKey", ...(intent.mode === "multipart" ? ["kms:Decrypt"] : [])];
  const [request] = uploadRequests(signer, intent, { ageMs: 0, headers: "signed" });
  if (request === undefined) return [];
  return actions.flatMap((action): Violation[] => {
    const wanted: Wanted = { action, resource: key };
    const { answer } = canPerform(rights, [wanted], request);
    if (answer !== "no") return [];
    const message = `Uploads to ${bucket} are encrypted with ${key}, and no policy of ${nameOfSigner(signer)} allows ${action} on it: they fail unless the key's own policy does.`;
    return [{ message, severity: "medium", witness: { ...wanted, principal: signer.roleArn ?? nameOfSigner(signer) } }];
  });
}

/** URLs that promise to live longer than the bucket lets them. A limit in the wrong unit is another rule's finding. */
function lifeViolations(
  rights: PrivilegeFacts,
  policy: unknown,
  upload: Wanted,
  { bucket, signer, intent }: Upload,
): readonly Violation[] {
  const [life] = urlLives(signer.function?.environment ?? {});
  const document = parsedPolicy(policy);
  if (life?.seconds === undefined || document.state !== "present") return [];
  const limits = signatureAgeLimits(document.value);
  if (limits.length === 0 || limits.some(({ looksLikeSeconds }) => looksLikeSeconds)) return [];
  const verdict = verdictOn(upload, rights, signer, intent, Math.max(0, life.seconds * 1000 - 1));
  if (verdict.answer !== "no") return [];
  const message = `URLs for ${bucket} may live ${life.seconds} seconds (${life.variable}), and fail before that: ${verdict.reason}.`;
  return [{ ...refusal(verdict, bucket, signer), message, severity: "low" }];
}
