/**
 * The labelled corpora: what a policy means, decided by AWS's documentation, its printed examples and the tests of other tools.
 * A contested label is reported and not required.
 */
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { type AccessBlock, BLOCK_FLAGS, effectiveFlag } from "../../src/policy/access-block.ts";
import { type AclGrant, cannedAclGrants, type ObjectOwnership } from "../../src/policy/acl.ts";
import { foreignAccess } from "../../src/policy/cross-account.ts";
import { ABSENT, present, type Reading, unreadable } from "../../src/policy/decision.ts";
import { type Policy, parsePolicy, readPolicy } from "../../src/policy/document.ts";
import { excessOf, uploadGrants, type Wanted } from "../../src/policy/excess.ts";
import { accessPointPublic, type ExposureFacts, exposure } from "../../src/policy/exposure.ts";
import { guardrail } from "../../src/policy/guardrail.ts";
import { lockoutOf } from "../../src/policy/lockout.ts";
import { isPublic } from "../../src/policy/public.ts";
import { bucketArn } from "../../src/policy/s3-targets.ts";

interface PolicyCase {
  readonly id: string;
  readonly policy: unknown;
  readonly question: string;
  readonly expected: boolean;
  readonly why: string;
}

interface AuditInput {
  readonly policy?: unknown;
  readonly accessPoint?: { readonly networkOrigin: "Internet" | "VPC"; readonly policy: unknown };
  readonly publicAccessBlock?: AccessBlock;
  readonly accountPublicAccessBlock?: AccessBlock;
  readonly acl?: { readonly grants?: readonly AclGrant[]; readonly canned?: string };
  readonly ownership?: ObjectOwnership;
  readonly accountId?: string;
  readonly ownerCanonicalId?: string;
  readonly encryption?: { readonly BlockedEncryptionTypes?: readonly string[] };
  readonly rolePolicies?: readonly { readonly name: string; readonly document: unknown }[];
  readonly permissionsBoundary?: unknown;
  readonly wanted?: { readonly allow: readonly Wanted[] };
  readonly errors?: Readonly<Record<string, string>>;
  readonly terraformPlan?: Readonly<Record<string, string>>;
}

interface AuditCase {
  readonly id: string;
  readonly input: AuditInput;
  readonly question: string;
  readonly expected: "pass" | "fail";
  readonly why: string;
  readonly contested?: boolean;
}

const demo = bucketArn("amzn-s3-demo-bucket");
const example = bucketArn("example-bucket");
const score = new Map<string, { right: number; all: number; contested: number }>();

const policyAnswers: Record<string, (policy: unknown) => boolean> = {
  isPublic: (policy) => isPublic(parsePolicy(policy, "resource")).isPublic,
  denyInsecureTransport: (policy) =>
    guardrail(parsePolicy(policy, "resource"), demo, { kind: "insecureTransport" }).present,
  signatureAge: (policy) =>
    guardrail(parsePolicy(policy, "resource"), demo, { kind: "signatureAge", maxMs: 600_000 }).present,
  leastPrivilege: (policy) => {
    const caller = { identity: [{ name: "inline", document: readPolicy(policy, "identity") }] };
    return excessOf({ caller, bucket: demo }, uploadGrants(demo, "uploads/")).answer === "no";
  },
};

/** "pass" where nothing is wrong. */
const auditAnswers: Record<string, (input: AuditInput) => "pass" | "fail" | "unknown"> = {
  public: (input) =>
    input.accessPoint === undefined
      ? goodWhen("no", exposure(factsOf(input)).open.answer)
      : goodWhen(
          "no",
          accessPointPublic(input.accessPoint.networkOrigin, readPolicy(input.accessPoint.policy, "resource")).answer,
        ),
  policy_public: (input) => goodWhen("no", exposure(factsOf(input)).public.answer),
  reachable_by_strangers: (input) => goodWhen("no", exposure(factsOf(input)).strangers.answer),
  public_write: (input) => {
    const { answer, witnesses } = exposure(factsOf(input)).strangers;
    if (answer === "unknown") return "unknown";
    return witnesses.some(({ kind }) => kind === "write" || kind === "delete") ? "fail" : "pass";
  },
  cross_account: (input) => goodWhen("no", foreignAccess(crossAccountFactsOf(input)).answer),
  bpa_complete: (input) =>
    BLOCK_FLAGS.every((flag) => effectiveFlag(factsOf(input).blocks ?? {}, flag).answer === "yes") ? "pass" : "fail",
  acls_disabled: ({ ownership }) => (ownership === "BucketOwnerEnforced" ? "pass" : "fail"),
  tls_enforced: (input) =>
    byPolicy(input, (policy) => guardrail(policy, example, { kind: "insecureTransport" }).answer),
  presign_max_age: (input) =>
    byPolicy(input, (policy) => guardrail(policy, example, { kind: "signatureAge", maxMs: 600_000 }).answer),
  ssec_blocked: (input) =>
    input.encryption?.BlockedEncryptionTypes?.includes("SSE-C") === true
      ? "pass"
      : byPolicy(input, (policy) => guardrail(policy, example, { kind: "customerKey" }).answer),
  policy_lockout: (input) =>
    goodWhen("no", lockoutOf(parsePolicy(input.policy, "resource"), example, input.accountId).answer),
  least_privilege: (input) => goodWhen("no", excessOf(...excessQuestionOf(input)).answer),
  decidable: (input) => (exposure(factsOf(input)).open.answer === "unknown" ? "fail" : "pass"),
};

describe("what a policy means", () => {
  test.for(casesFrom<PolicyCase>("policy-cases.jsonl"))("$id: $why", ({ question, policy, expected }) => {
    count(question, policyAnswers[question]?.(policy) === expected);
    expect(policyAnswers[question]?.(policy)).toBe(expected);
  });
});

const auditCases = casesFrom<AuditCase>("audit-cases.jsonl");

describe("what a bucket's settings mean together", () => {
  test.for(auditCases.filter(({ contested }) => contested !== true))("$id: $why", ({ question, input, expected }) => {
    count(question, auditAnswers[question]?.(input) === expected);
    expect(auditAnswers[question]?.(input)).toBe(expected);
  });

  test.for(auditCases.filter(({ contested }) => contested === true))(
    "$id is answered (contested)",
    ({ question, input }) => {
      const entry = score.get(question) ?? { right: 0, all: 0, contested: 0 };
      score.set(question, { ...entry, contested: entry.contested + 1 });
      expect(auditAnswers[question]?.(input)).toMatch(/^(pass|fail)$/);
    },
  );
});

afterAll(() => {
  const rows = [...score].map(([question, { right, all, contested }]) => {
    const also = contested === 0 ? "" : `, ${contested} contested`;
    return `${question.padEnd(24)} ${right} of ${all}${also}`;
  });
  process.stdout.write(`\nAccuracy on the labelled cases\n${rows.join("\n")}\n`);
});

function count(question: string, right: boolean): void {
  const entry = score.get(question) ?? { right: 0, all: 0, contested: 0 };
  score.set(question, { ...entry, right: entry.right + Number(right), all: entry.all + 1 });
}

function casesFrom<T>(file: string): T[] {
  const text = readFileSync(new URL(`cases/${file}`, import.meta.url), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line): T => JSON.parse(line));
}

function goodWhen(good: "yes" | "no", answer: "yes" | "no" | "unknown"): "pass" | "fail" | "unknown" {
  if (answer === "unknown") return "unknown";
  return answer === good ? "pass" : "fail";
}

function byPolicy(input: AuditInput, decide: (policy: Policy) => "yes" | "no" | "unknown") {
  return input.policy === undefined ? "fail" : goodWhen("yes", decide(parsePolicy(input.policy, "resource")));
}

function factsOf(input: AuditInput): ExposureFacts {
  return {
    bucket: example,
    policy: policyOf(input),
    acl: aclOf(input),
    ...(input.ownership === undefined ? {} : { ownership: present(input.ownership) }),
    blocks: {
      ...(input.publicAccessBlock === undefined ? {} : { bucket: present(input.publicAccessBlock) }),
      ...(input.accountPublicAccessBlock === undefined ? {} : { account: present(input.accountPublicAccessBlock) }),
    },
  };
}

function policyOf({ policy, terraformPlan, errors }: AuditInput): Reading<Policy> {
  if (terraformPlan?.["aws_s3_bucket_policy.policy"] !== undefined) return unreadable("known after apply");
  if (errors?.GetBucketPolicy !== undefined) return unreadable(errors.GetBucketPolicy);
  return policy === undefined || policy === null ? ABSENT : readPolicy(policy, "resource");
}

function aclOf({ acl, errors }: AuditInput): Reading<readonly AclGrant[]> {
  if (errors?.GetBucketAcl !== undefined) return unreadable(errors.GetBucketAcl);
  if (acl?.canned !== undefined) {
    const grants = cannedAclGrants(acl.canned);
    return grants === undefined ? unreadable(`no canned ACL ${acl.canned}`) : present(grants);
  }
  return acl?.grants === undefined ? ABSENT : present(acl.grants);
}

function crossAccountFactsOf(input: AuditInput) {
  const { accountId, ownerCanonicalId } = input;
  return {
    ...factsOf(input),
    ...(accountId === undefined ? {} : { account: accountId }),
    ...(ownerCanonicalId === undefined ? {} : { canonicalId: ownerCanonicalId }),
    restricted: effectiveFlag(factsOf(input).blocks ?? {}, "RestrictPublicBuckets"),
  };
}

function excessQuestionOf(input: AuditInput): Parameters<typeof excessOf> {
  const identity = (input.rolePolicies ?? []).map(({ name, document }) => ({
    name,
    document: readPolicy(document, "identity"),
  }));
  const limit = input.permissionsBoundary;
  const boundary =
    limit === undefined ? {} : { boundary: { name: "boundary", document: readPolicy(limit, "identity") } };
  return [
    { caller: { identity, ...boundary }, bucket: example, bucketPolicy: policyOf(input) },
    input.wanted?.allow ?? [],
  ];
}
