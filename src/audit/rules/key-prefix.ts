import { excessOf } from "../../policy/excess.ts";
import { hostOf } from "../endpoint-answers.ts";
import type { EndpointFacts } from "../endpoint-facts.ts";
import type { LifecycleRule, Notification, NotificationTarget, Signer } from "../facets.ts";
import { isOwnBackend, PREFIX_BY_DEFAULT } from "../own-backend.ts";
import { defineRule, type RuleOutcome, type Violation } from "../rule.ts";
import { nameOfSigner, type SignersBucket, signerRights } from "../signer-rights.ts";

export const keyPrefix = defineRule({
  id: "key-prefix",
  layer: 4,
  severity: "medium",
  title: "Everything agrees on where uploads go",
  why: "The role, the signer, the lifecycle rules and the events each name a prefix of their own, and nothing compares them. Where they differ, uploads land outside of what is cleaned up, processed or protected.",
  fix: {
    cli: `# one prefix in all places: PREFIX
aws iam put-role-policy --role-name ROLE --policy-name uploads --policy-document \\
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:PutObject","s3:AbortMultipartUpload","s3:ListMultipartUploadParts"],"Resource":"arn:PARTITION:s3:::BUCKET/PREFIX*"}]}'
aws s3api get-bucket-lifecycle-configuration --bucket BUCKET
aws s3api get-bucket-notification-configuration --bucket BUCKET`,
    terraform: `locals {
  upload_prefix = "PREFIX" # for the role's resource, KEY_PREFIX, filter { prefix } and filter_prefix alike
}`,
  },
  needs: ["signer", "endpoint", "policy", "lifecycle", "notification"],

  evaluate({ bucket, signer, endpoint, lifecycle, notification, ...facets }, { prefix }): RuleOutcome {
    if (prefix === "") {
      return { status: "not-applicable", message: `Uploads to ${bucket} are meant to go anywhere in it.` };
    }
    const places = [...lifecyclePlaces(lifecycle), ...notificationPlaces(notification)];
    if (places.length === 0 && signer === undefined && endpoint === undefined) {
      const message = `Nothing that was read about ${bucket} names a prefix: no signer, no lifecycle rule, no events.`;
      return { status: "not-applicable", message };
    }
    const grant = signer === undefined ? {} : grantFinding({ bucket, ...facets }, signer, prefix);
    const [first, ...others] = [
      ...(grant.violation === undefined ? [] : [grant.violation]),
      ...signerViolations(signer, bucket, prefix),
      ...endpointViolations(endpoint, prefix),
      ...apart(lifecyclePlaces(lifecycle), prefix, (where) => {
        return `The lifecycle rules of ${bucket} are for ${where} only, and uploads go to ${prefix}.`;
      }),
      ...apart(notificationPlaces(notification), prefix, (where) => {
        return `Events of ${bucket} are sent for new objects under ${where} only, and uploads go to ${prefix}.`;
      }),
    ];
    if (first !== undefined) return { status: "fail", violations: [first, ...others] };
    if (grant.doubt !== undefined) return { status: "unknown", message: grant.doubt };
    return { status: "pass", message: `All that was read about ${bucket} agrees that uploads go to ${prefix}.` };
  },
});

interface GrantFinding {
  readonly violation?: Violation;
  readonly doubt?: string;
}

/** Without a limit in the role, only the code of the signer keeps keys under the prefix. */
function grantFinding(facets: SignersBucket, signer: Signer, prefix: string): GrantFinding {
  const { arn, bucket } = facets;
  const verdict = excessOf(signerRights(facets, signer, "own"), [
    { action: "s3:PutObject", resource: `${arn}/${prefix}*` },
  ]);
  const outside = verdict.excess.find(
    ({ action, resource }) => action === "s3:PutObject" && resource.startsWith(`${arn}/`),
  );
  if (outside !== undefined) {
    const { action, resource } = outside;
    const message = `The signer of ${bucket}, ${nameOfSigner(signer)}, may put objects outside ${prefix}, such as ${resource}: only its code keeps keys under the prefix.`;
    return { violation: { message, witness: { action, resource, principal: signer.roleArn ?? nameOfSigner(signer) } } };
  }
  if (verdict.answer !== "unknown") return {};
  return { doubt: `Where the signer of ${bucket} may put objects cannot be told: ${verdict.reason}.` };
}

function signerViolations(signer: Signer | undefined, bucket: string, prefix: string): readonly Violation[] {
  const environment = signer?.function?.environment;
  if (environment === undefined) return [];
  const named = Object.entries(environment).filter(([name]) => isPrefixVariable(name));
  const isSilent = named.length === 0 && isOwnBackend(environment);
  const prefixes = isSilent ? [["KEY_PREFIX", PREFIX_BY_DEFAULT] as const] : named;
  return prefixes.flatMap(([name, value]): Violation[] => {
    const given = value.replace(/^\/+|\/+$/g, "");
    if (`${given}/`.startsWith(prefix)) return [];
    const where = given === "" ? "the top of the bucket" : `${given}/`;
    const message = `The signer puts uploads to ${bucket} under ${where} (${name}), and they are meant to go to ${prefix}.`;
    return [{ message, evidence: { [name]: value } }];
  });
}

/** One is enough: an endpoint makes all its keys in the same way, and the key itself differs from run to run. */
function endpointViolations(endpoint: EndpointFacts | undefined, prefix: string): readonly Violation[] {
  const isOutside = endpoint?.uploads.some(({ key }) => !key.startsWith(prefix)) ?? false;
  if (endpoint === undefined || !isOutside) return [];
  return [{ message: `${hostOf(endpoint)} signs keys outside ${prefix}, where uploads are meant to go.` }];
}

/** `KEY_PREFIX`, `uploadPrefix`, `S3_FOLDER`; not `LOG_PREFIX` or `TABLE_PREFIX`. */
function isPrefixVariable(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
  return /^((s3|uploads?|objects?|keys?|bucket)_?)*(prefix|folder|dir|directory)$/.test(words);
}

/** Where at least one reaches the uploads, the others may be for something else. */
function apart(places: readonly string[], prefix: string, sentence: (where: string) => string): readonly Violation[] {
  const meets = places.some((place) => place.startsWith(prefix) || prefix.startsWith(place));
  if (meets || places.length === 0) return [];
  const where = [...new Set(places)].join(", ");
  return [{ message: sentence(where), evidence: { prefixes: places } }];
}

/** An empty one is the whole bucket. */
function lifecyclePlaces(rules: readonly LifecycleRule[] = []): readonly string[] {
  return rules
    .filter(({ Status }) => Status === "Enabled")
    .map(({ Filter, Prefix }) => Filter?.Prefix ?? Filter?.And?.Prefix ?? Prefix ?? "");
}

function notificationPlaces(notification: Notification = {}): readonly string[] {
  const { TopicConfigurations = [], QueueConfigurations = [], LambdaFunctionConfigurations = [] } = notification;
  return [...TopicConfigurations, ...QueueConfigurations, ...LambdaFunctionConfigurations]
    .filter(({ Events = [] }) => Events.some((event) => event.startsWith("s3:ObjectCreated:")))
    .map(filterPrefix);
}

function filterPrefix({ Filter }: NotificationTarget): string {
  const rules = Filter?.Key?.FilterRules ?? [];
  // S3 answers with "Prefix" where it was given "prefix"
  return rules.find(({ Name }) => Name?.toLowerCase() === "prefix")?.Value ?? "";
}
