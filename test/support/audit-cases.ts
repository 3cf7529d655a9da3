/** The labelled buckets of test/audit/cases as the file that `--snapshot` takes, so that they go the way of a user's. */
import { readFileSync } from "node:fs";
import { facetReads } from "../../src/audit/facet-access.ts";
import type { IntentOptions } from "../../src/audit/intent-from.ts";
import { cannedAclGrants } from "../../src/policy/acl.ts";

export interface AuditCase {
  readonly id: string;
  readonly question: string;
  readonly expected: "pass" | "fail";
  /** The sources of the label do not agree: either answer can be defended. */
  readonly contested?: boolean;
  readonly why: string;
  readonly input: CaseInput;
}

interface CaseInput {
  readonly policy?: unknown;
  readonly acl?: { readonly grants?: readonly CaseGrant[]; readonly canned?: string };
  readonly ownerCanonicalId?: string;
  readonly encryption?: CaseEncryption;
  readonly accessPoint?: { readonly networkOrigin: string; readonly policy: unknown };
  readonly rolePolicies?: readonly unknown[];
  readonly permissionsBoundary?: unknown;
  readonly lambda?: { readonly expiresInSeconds: number };
  readonly errors?: Readonly<Record<string, string>>;
  readonly terraformPlan?: Readonly<Record<string, string>>;
  readonly accountId?: string;
  readonly uploadPrefix?: string;
  readonly uploadKind?: "put" | "post" | "multipart";
  readonly signedHeaders?: readonly string[];
  readonly wanted?: { readonly allow: readonly { readonly action: string; readonly resource: string }[] };
  readonly [facet: string]: unknown;
}
interface CaseGrant {
  readonly uri?: string;
  readonly id?: string;
  readonly permission: string;
}
interface CaseEncryption {
  readonly SSEAlgorithm: string;
  readonly KMSMasterKeyID?: string;
  readonly BlockedEncryptionTypes?: readonly string[];
}

export function auditCases(): readonly AuditCase[] {
  const text = readFileSync(new URL("../audit/cases/audit-cases.jsonl", import.meta.url), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/** Members that a case has by the name and in the shape of the facet. */
const sameInBoth = [
  "policy",
  "publicAccessBlock",
  "accountPublicAccessBlock",
  "organizationPublicAccessBlock",
  "ownership",
  "cors",
  "lifecycle",
  "versioning",
  "logging",
  "website",
] as const;

export function snapshotText({ input }: AuditCase): string {
  const facets = {
    ...Object.fromEntries(
      sameInBoth.flatMap((name) => (name in input ? [[name, input[name] ?? { absent: true }]] : [])),
    ),
    ...(input.acl === undefined ? {} : { acl: aclOf(input.acl, input.ownerCanonicalId) }),
    ...(input.encryption === undefined ? {} : { encryption: encryptionOf(input.encryption) }),
    ...(input.accessPoint === undefined ? {} : { accessPoints: [accessPointOf(input.accessPoint)] }),
    ...signerOf(input),
    ...unreadOf(input),
  };
  return JSON.stringify({ v: 1, bucket: "example-bucket", accountId: input.accountId ?? "111122223333", facets });
}

export function intentOptionsOf({ input, question }: AuditCase): IntentOptions {
  const { uploadPrefix: prefix, uploadKind: mode, signedHeaders } = input;
  return { prefix, mode, signedHeaders, ...(question === "encrypted_kms" ? { encryption: "aws:kms" } : {}) };
}

function aclOf({ grants, canned }: NonNullable<CaseInput["acl"]>, owner: string | undefined): unknown {
  const list: readonly CaseGrant[] = grants ?? cannedAclGrants(canned ?? "") ?? [];
  const Grants = list.map(({ uri, id, permission }) => ({
    Grantee: uri === undefined ? { Type: "CanonicalUser", ID: id } : { Type: "Group", URI: uri },
    Permission: permission,
  }));
  return { ...(owner === undefined ? {} : { Owner: { ID: owner } }), Grants };
}

function encryptionOf({ BlockedEncryptionTypes: blocked, ...algorithm }: CaseEncryption): unknown {
  const types = blocked === undefined ? {} : { BlockedEncryptionTypes: { EncryptionType: blocked } };
  return [{ ApplyServerSideEncryptionByDefault: algorithm, ...types }];
}

function accessPointOf({ networkOrigin, policy }: NonNullable<CaseInput["accessPoint"]>): unknown {
  return { Name: "point", NetworkOrigin: networkOrigin, Policy: policy };
}

function signerOf({ rolePolicies, permissionsBoundary, lambda }: CaseInput): object {
  if (rolePolicies === undefined && lambda === undefined) return {};
  const boundary = permissionsBoundary === undefined ? {} : { permissionsBoundary };
  const seconds = lambda?.expiresInSeconds;
  const signing = seconds === undefined ? {} : { function: { environment: { EXPIRES_IN: String(seconds) } } };
  return { signer: { policies: rolePolicies ?? [], ...boundary, ...signing } };
}

/** The call that was refused, or the attribute of a plan that is not known yet. */
function unreadOf({ errors = {}, terraformPlan = {} }: CaseInput): object {
  const refused = Object.entries(facetReads).flatMap(([facet, reads]) =>
    reads.flatMap(({ call }) => (errors[call] === undefined ? [] : [[facet, { unreadable: errors[call] }]])),
  );
  const deferred = terraformPlan["aws_s3_bucket_policy.policy"];
  return { ...Object.fromEntries(refused), ...(deferred === undefined ? {} : { policy: { unreadable: deferred } }) };
}
