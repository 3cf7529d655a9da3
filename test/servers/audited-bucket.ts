/**
 * Buckets that the aws command makes good and then spoils one setting at a time, and what the built `s3up audit` says of
 * them. A rule that fails must be the one that the change is about, and no other. Each server has a file of its own.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { s3up } from "../support/built-program.ts";
import { goodCors, goodLifecycle, guardsOf, intentWords, origin, policyText } from "../support/good-sandbox-bucket.ts";
import { denyAll, type StatementJson } from "../support/policy-documents.ts";
import { awsCli, awsEnvironment } from "./aws-cli.ts";
import { run } from "./program.ts";
import type { Account } from "./server.ts";

export const closed = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};
/** The rules that look at a bucket's policy alone cannot see SSE-C being blocked by its encryption on every server. */
const blocksCustomerKeys = (bucket: string) =>
  denyAll({
    Sid: "CustomerKeys",
    Action: "s3:PutObject",
    Resource: `arn:aws:s3:::${bucket}/*`,
    Condition: { Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" } },
  });

/** The aws command, with a home of its own. @returns what it wrote */
export async function aws(account: Account, ...words: readonly string[]): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "s3up-audit-"));
  try {
    const env = { ...awsEnvironment(account, home), AWS_ENDPOINT_URL: account.endpoint };
    const ran = await run(awsCli ?? "", words, env);
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    return ran.stdout;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

export class AuditedBucket {
  readonly name = `audited-${randomUUID()}`;
  readonly #account: Account;
  readonly #env: Readonly<Record<string, string>>;

  /** @param env of the audit, besides the account's keys */
  constructor(account: Account, env: Readonly<Record<string, string>> = {}) {
    this.#account = account;
    this.#env = env;
  }

  aws(operation: string, ...words: readonly string[]): Promise<string> {
    return aws(this.#account, "s3api", operation, "--bucket", this.name, ...words);
  }

  policy(...statements: readonly StatementJson[]): Promise<string> {
    return this.aws("put-bucket-policy", "--policy", policyText(statements));
  }

  guards(...without: readonly string[]): readonly StatementJson[] {
    const guards = Object.entries({ ...guardsOf(this.name), customerKeys: blocksCustomerKeys(this.name) });
    return guards.filter(([name]) => !without.includes(name)).map(([, statement]) => statement);
  }

  async makeGood({ ownership }: Pick<Server, "ownership">): Promise<void> {
    await this.aws("create-bucket");
    await this.block({});
    if (ownership)
      await this.aws("put-bucket-ownership-controls", "--ownership-controls", owned("BucketOwnerEnforced"));
    const byDefault = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }] };
    await this.aws("put-bucket-encryption", "--server-side-encryption-configuration", JSON.stringify(byDefault));
    await this.aws("put-bucket-versioning", "--versioning-configuration", "Status=Enabled");
    await this.lifecycle();
    await this.cors({});
    await this.policy(...this.guards());
  }

  block(changes: object): Promise<string> {
    const configuration = JSON.stringify({ ...closed, ...changes });
    return this.aws("put-public-access-block", "--public-access-block-configuration", configuration);
  }

  lifecycle(): Promise<string> {
    return this.aws("put-bucket-lifecycle-configuration", "--lifecycle-configuration", JSON.stringify(goodLifecycle));
  }

  cors(changes: object): Promise<string> {
    const CORSRules = goodCors.CORSRules.map((rule) => ({ ...rule, ...changes }));
    return this.aws("put-bucket-cors", "--cors-configuration", JSON.stringify({ CORSRules }));
  }

  async audit(...words: readonly string[]) {
    const { endpoint, region, accessKeyId, secretAccessKey } = this.#account;
    const env = {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: region,
      AWS_ENDPOINT_URL: endpoint,
      ...this.#env,
    };
    const ran = await s3up(["audit", this.name, ...intentWords, ...words, "--json"], { env });
    expect(ran.stderr).toBe("");
    const results: readonly Result[] = JSON.parse(ran.stdout).buckets[0].results;
    const withStatus = (status: string) => results.filter((one) => one.status === status).map(({ rule }) => rule);
    return { exitCode: ran.exitCode, results, failed: withStatus("fail"), unknown: withStatus("unknown") };
  }
}

interface Result {
  readonly rule: string;
  readonly status: string;
  readonly evidence: readonly { readonly missingAction?: string }[];
}

function owned(by: string): string {
  return JSON.stringify({ Rules: [{ ObjectOwnership: by }] });
}

type Audited = Awaited<ReturnType<AuditedBucket["audit"]>>;

export interface Server {
  readonly account: () => Account;
  /** Of the audit, besides the account's keys. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it has ownership controls. */
  readonly ownership: boolean;
  /** What fails on a good bucket, for want of something that the server has not. */
  readonly always: readonly string[];
  /** What cannot be known on it. */
  readonly unknown: readonly string[];
  /** What more cannot be known once the bucket's own block is off, because the server has no access points or no account. */
  readonly hidden: readonly string[];
}

interface Change {
  readonly spoil: (bucket: AuditedBucket) => Promise<unknown>;
  readonly repair: (bucket: AuditedBucket) => Promise<unknown>;
  readonly found: readonly string[];
  /** The bucket's own block is off, so that what else might close it counts. */
  readonly opens?: true;
}

const repairPolicy = (bucket: AuditedBucket) => bucket.policy(...bucket.guards());
const repairCors = (bucket: AuditedBucket) => bucket.cors({});
const withoutGuard = (name: string, rule: string): Change => ({
  spoil: (bucket) => bucket.policy(...bucket.guards(name)),
  repair: repairPolicy,
  found: [rule],
});
const withCors = (changes: object, rule: string): Change => ({
  spoil: (bucket) => bucket.cors(changes),
  repair: repairCors,
  found: [rule],
});

const changes: readonly (readonly [sentence: string, change: Change])[] = [
  ["no guard against plain HTTP", withoutGuard("plainHttp", "tls-only")],
  ["no limit on the age of URLs", withoutGuard("oldUrls", "presign-max-age")],
  ["no guard against Signature V2", withoutGuard("signatureV2", "sigv4-only")],
  ["customers' keys allowed", withoutGuard("customerKeys", "ssec-blocked")],
  [
    "a flag of Block Public Access off",
    {
      spoil: (bucket) => bucket.block({ BlockPublicPolicy: false }),
      repair: (bucket) => bucket.block({}),
      found: ["bpa-complete"],
      opens: true,
    },
  ],
  ["any origin", withCors({ AllowedOrigins: ["*"] }, "cors-wildcard-origin")],
  ["an origin without TLS", withCors({ AllowedOrigins: [origin, "http://app.example.com"] }, "cors-insecure-origin")],
  ["more methods than uploads need", withCors({ AllowedMethods: ["PUT", "DELETE"] }, "cors-methods")],
  ["signed headers that no page may send", withCors({ AllowedHeaders: ["x-amz-*"] }, "cors-headers-cover")],
  ["no CORS", { spoil: (bucket) => bucket.aws("delete-bucket-cors"), repair: repairCors, found: ["cors-present"] }],
  [
    "leftovers of uploads kept",
    {
      spoil: (bucket) => bucket.aws("delete-bucket-lifecycle"),
      repair: (bucket) => bucket.lifecycle(),
      // MFA Delete and a lifecycle exclude each other, so it is only asked for where there is none
      found: ["lifecycle-abort-mpu", "mfa-delete"],
    },
  ],
];

/** @param spoiled false where spoiling takes too long */
export function auditVerdicts(server: Server, spoiled: boolean): void {
  let bucket: AuditedBucket;
  beforeAll(async () => {
    bucket = new AuditedBucket(server.account(), server.env);
    await bucket.makeGood(server);
  });

  test("a bucket that the aws command made good", async () => {
    const { failed, unknown } = await bucket.audit();
    expect({ failed, unknown }).toEqual({ failed: server.always, unknown: server.unknown });
  });

  test.runIf(spoiled).for(changes)("%s", async ([, { spoil, repair, found, opens }]) => {
    await spoil(bucket);
    const { failed, unknown } = await bucket.audit();
    await repair(bucket);
    const hidden = opens ? server.hidden : [];
    expect({ failed: failed.toSorted(), unknown: unknown.toSorted() }).toEqual({
      failed: [...server.always, ...found.filter((rule) => !hidden.includes(rule))].toSorted(),
      unknown: [...server.unknown, ...hidden].toSorted(),
    });
  });
}

export const refusals = [
  ["GetBucketCors", "s3:GetBucketCORS", ["cors-present", "cors-wildcard-origin"]],
  ["GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration", ["lifecycle-abort-mpu"]],
  ["GetBucketVersioning", "s3:GetBucketVersioning", ["versioning"]],
  ["GetBucketPolicy", "s3:GetBucketPolicy", ["tls-only", "presign-max-age"]],
] as const;

export function expectUnknown({ exitCode, results }: Audited, action: string, rules: readonly string[]): void {
  expect(exitCode).toBe(5);
  for (const rule of rules) {
    const { status, evidence } = results.find((one) => one.rule === rule) as Result;
    expect([rule, status, evidence.map(({ missingAction }) => missingAction)]).toEqual([rule, "unknown", [action]]);
  }
}
