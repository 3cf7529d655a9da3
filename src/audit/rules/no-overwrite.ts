import { hostOf } from "../endpoint-answers.ts";
import type { EndpointFacts } from "../endpoint-facts.ts";
import { isOwnBackend, mayOverwrite } from "../own-backend.ts";
import { notUnderstood, parsedPolicy } from "../parsed-policy.ts";
import { guardOf } from "../policy-guard.ts";
import { defineRule, type RuleOutcome } from "../rule.ts";

/** Source: S3 User Guide, "Enforce conditional writes on Amazon S3 buckets". */
export const noOverwrite = defineRule({
  id: "no-overwrite",
  layer: 4,
  severity: "low",
  title: "No upload can silently replace another",
  why: "A PUT to a key that exists replaces the object, and the old one is gone. With names that users choose, one user's invoice.pdf replaces another's.",
  fix: {
    cli: `aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled
# or let the signer put a fresh id into every key, as s3up's backend does`,
    terraform: `resource "aws_s3_bucket_versioning" "uploads" {
  bucket = "BUCKET"
  versioning_configuration {
    status = "Enabled"
  }
}`,
  },
  needs: ["versioning", "policy", "signer", "endpoint"],

  evaluate({ bucket, arn, versioning, policy, signer, endpoint }, { prefix }): RuleOutcome {
    if (versioning?.Status === "Enabled") {
      return { status: "pass", message: `Versioning is on in ${bucket}: what is replaced can be had back.` };
    }
    const environment = signer?.function?.environment ?? {};
    const isOwn = isOwnBackend(environment);
    if (isOwn && !mayOverwrite(environment)) {
      return {
        status: "pass",
        message: `The signer of ${bucket} puts a fresh id into every key and signs one-time URLs.`,
      };
    }
    const replaces = endpoint === undefined ? undefined : replacesByName(endpoint);
    if (endpoint !== undefined && replaces === false) {
      const message = `${hostOf(endpoint)} gave two files of one name keys of their own, or one-time URLs.`;
      return { status: "pass", message };
    }
    const document = parsedPolicy(policy);
    if (document.state === "unreadable") return notUnderstood(bucket, document.reason);
    const guard =
      document.state === "present" ? guardOf(document.value, arn, { kind: "overwrite" }, { prefix }) : undefined;
    if (guard?.answer === "unknown") return { status: "unknown", message: `${bucket}: ${guard.reason}.` };
    if (guard?.present) {
      return { status: "pass", message: `${bucket} takes only uploads that replace nothing: ${guard.reason}.` };
    }
    const signerPart = replaces
      ? "its endpoint signed one key for two files of the same name"
      : isOwn
        ? "its signer may give out URLs that write twice (OVERWRITE is allowed)"
        : "nothing shows that its signer makes keys unique";
    const message = `In ${bucket} an upload can replace another for good: versioning is off, ${signerPart}, and no policy asks for If-None-Match.`;
    const [gap] = guard?.missing ?? [];
    const witness = gap === undefined ? {} : { witness: { action: gap.action, resource: gap.resource } };
    return { status: "fail", violations: [{ message, ...witness }] };
  },
});

/** Undefined where it was not asked twice. */
function replacesByName({ uploads }: EndpointFacts): boolean | undefined {
  const plain = uploads.filter(({ form }) => form === undefined);
  if (plain.length < 2) return undefined;
  const isFresh = new Set(plain.map(({ key }) => key)).size === plain.length;
  return !isFresh && plain.some(({ signedHeaders }) => !signedHeaders.includes("if-none-match"));
}
