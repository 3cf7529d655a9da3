/**
 * The built `s3up audit` on buckets that the aws command made good, and then spoiled one setting at a time: on the sandbox,
 * on moto and on Ceph RGW. A rule that fails must be the one that the change is about, and no other.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeletePublicAccessBlockCommand, PutPublicAccessBlockCommand } from "@aws-sdk/client-s3-control";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { s3up } from "../support/built-program.ts";
import { goodCors, goodLifecycle, guardsOf, intentWords, origin, policyText } from "../support/good-sandbox-bucket.ts";
import { denyAll, type StatementJson } from "../support/policy-documents.ts";
import { useSandbox } from "../support/running-sandbox.ts";
import { runningServer, withSettings } from "./account.ts";
import { awsCli, awsEnvironment } from "./aws-cli.ts";
import { controlClient } from "./control-client.ts";
import { run } from "./program.ts";
import type { Account } from "./server.ts";

const moto = runningServer("MOTO", process.env);
const rgw = withSettings(runningServer("RGW", process.env));
const sandbox = useSandbox();

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "s3up-audit-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

test.skipIf(awsCli === undefined)("buckets are made by the aws command (only where it is installed)", () => {
  expect(awsCli).toBeDefined();
});

const closed = {
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

/** @returns what it wrote */
async function aws(account: Account, ...words: readonly string[]): Promise<string> {
  const env = { ...awsEnvironment(account, home), AWS_ENDPOINT_URL: account.endpoint };
  const ran = await run(awsCli ?? "", words, env);
  expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
  return ran.stdout;
}

class AuditedBucket {
  readonly name = `audited-${randomUUID()}`;
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
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
    const { endpoint, region, accountId, accessKeyId, secretAccessKey } = this.#account;
    const env = {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: region,
      AWS_ENDPOINT_URL: endpoint,
      // The sandbox has no STS to ask for it.
      ...(endpoint === sandbox.sandbox.s3 ? { AWS_ACCOUNT_ID: accountId } : {}),
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

interface Server {
  readonly account: () => Account;
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

const servers: readonly (readonly [name: string, server: Server, isHere: boolean])[] = [
  [
    "the sandbox",
    {
      account: () => ({
        endpoint: sandbox.sandbox.s3,
        region: "us-east-1",
        accountId: "000000000000",
        accessKeyId: sandbox.sandbox.env.AWS_ACCESS_KEY_ID ?? "",
        secretAccessKey: sandbox.sandbox.env.AWS_SECRET_ACCESS_KEY ?? "",
      }),
      ownership: true,
      always: ["logging"],
      unknown: [],
      hidden: ["access-points"],
    },
    true,
  ],
  [
    "moto",
    { account: () => moto?.account as Account, ownership: true, always: ["logging"], unknown: [], hidden: [] },
    moto !== undefined,
  ],
  [
    "Ceph RGW",
    {
      account: () => rgw?.account as Account,
      ownership: false,
      always: ["logging"],
      unknown: ["acls-disabled", "public-website"],
      hidden: ["access-points", "bpa-complete"],
    },
    rgw !== undefined,
  ],
];

// `runIf` before `for` is lost
describe.for(awsCli === undefined ? [] : servers.filter(([, , isHere]) => isHere))("%s", ([, server]) => {
  let bucket: AuditedBucket;
  beforeAll(async () => {
    bucket = new AuditedBucket(server.account());
    await bucket.makeGood(server);
  });

  test("a bucket that the aws command made good", async () => {
    const { failed, unknown } = await bucket.audit();
    expect({ failed, unknown }).toEqual({ failed: server.always, unknown: server.unknown });
  });

  // In `npm test` the sandbox is spoiled by the SDK (test/e2e/audit.test.ts), which takes seconds instead of a minute.
  test.runIf(moto !== undefined).for(changes)("%s", async ([, { spoil, repair, found, opens }]) => {
    await spoil(bucket);
    const { failed, unknown } = await bucket.audit();
    await repair(bucket);
    const hidden = opens ? server.hidden : [];
    expect({ failed: failed.toSorted(), unknown: unknown.toSorted() }).toEqual({
      failed: [...server.always, ...found.filter((rule) => !hidden.includes(rule))].toSorted(),
      unknown: [...server.unknown, ...hidden].toSorted(),
    });
  });
});

const refusals = [
  ["GetBucketCors", "s3:GetBucketCORS", ["cors-present", "cors-wildcard-origin"]],
  ["GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration", ["lifecycle-abort-mpu"]],
  ["GetBucketVersioning", "s3:GetBucketVersioning", ["versioning"]],
  ["GetBucketPolicy", "s3:GetBucketPolicy", ["tls-only", "presign-max-age"]],
] as const;

function expectUnknown({ exitCode, results }: Audited, action: string, rules: readonly string[]): void {
  expect(exitCode).toBe(5);
  for (const rule of rules) {
    const { status, evidence } = results.find((one) => one.rule === rule) as Result;
    expect([rule, status, evidence.map(({ missingAction }) => missingAction)]).toEqual([rule, "unknown", [action]]);
  }
}

describe.runIf(awsCli !== undefined)("one permission missing in the sandbox", () => {
  let bucket: AuditedBucket;
  beforeAll(async () => {
    bucket = new AuditedBucket(servers[0]?.[1].account() as Account);
    await bucket.makeGood({ ownership: true });
  });

  test.for(refusals)("%s: what needs it is unknown and names %s", async ([operation, action, rules]) => {
    sandbox.sandbox.faults.add({ kind: "expired", operation, count: 100 });
    const audited = await bucket.audit();
    sandbox.sandbox.faults.clear();
    expectUnknown(audited, action, rules);
  });
});

describe.for(awsCli === undefined || rgw === undefined ? [] : [rgw])("one permission missing on Ceph RGW", (server) => {
  let bucket: AuditedBucket;
  beforeAll(async () => {
    bucket = new AuditedBucket(server.account);
    await bucket.makeGood({ ownership: false });
  });

  // All but the policy itself, which could not be put back.
  test.for(refusals.slice(0, 3))("%s: what needs it is unknown and names %s", async ([, action, rules]) => {
    const refusal = denyAll({ Action: action, Resource: `arn:aws:s3:::${bucket.name}`, Condition: undefined });
    await bucket.policy(...bucket.guards(), refusal);
    expectUnknown(await bucket.audit(), action, rules);
  });
});

describe.runIf(awsCli !== undefined && moto !== undefined)("what moto has beside the bucket", () => {
  const account = moto?.account as Account;
  let bucket: AuditedBucket;
  beforeAll(async () => {
    bucket = new AuditedBucket(account);
    await bucket.makeGood({ ownership: true });
  });

  test.for([
    ["uploads under the prefix and nothing else", ["s3:PutObject"], "uploads/*", []],
    ["reading too", ["s3:PutObject", "s3:GetObject"], "uploads/*", ["role-scope"]],
    ["uploads to a neighbour of the prefix", ["s3:PutObject"], "uploads*", ["key-prefix", "role-scope"]],
    ["everything S3 has", ["s3:*"], "*", ["key-prefix", "role-escalation", "role-scope"]],
    ["uploads somewhere else", ["s3:PutObject"], "other/*", ["key-prefix", "role-scope", "role-works"]],
  ] as const)("a role that may do this: %s", async ([, actions, where, found]) => {
    const name = `signer-${randomUUID().slice(0, 8)}`;
    const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
    const grant = { Effect: "Allow", Action: actions, Resource: `arn:aws:s3:::${bucket.name}/${where}` };
    await aws(account, "iam", "create-role", "--role-name", name, "--assume-role-policy-document", policyText([trust]));
    const words = ["--role-name", name, "--policy-name", "uploads", "--policy-document", policyText([grant])];
    await aws(account, "iam", "put-role-policy", ...words);
    const { failed, unknown } = await bucket.audit("--role", `arn:aws:iam::${account.accountId}:role/${name}`);
    expect({ failed: failed.toSorted(), unknown }).toEqual({ failed: ["logging", ...found].toSorted(), unknown: [] });
  });

  test("the account's block counts where the bucket has none", async () => {
    const control = controlClient(account);
    const ofAccount = { AccountId: account.accountId };
    await bucket.aws("delete-public-access-block");
    await control.send(new PutPublicAccessBlockCommand({ ...ofAccount, PublicAccessBlockConfiguration: closed }));
    const closedByAccount = await bucket.audit();
    await control.send(new DeletePublicAccessBlockCommand(ofAccount));
    const open = await bucket.audit();
    await bucket.block({});
    expect([closedByAccount.failed, open.failed]).toEqual([["logging"], ["bpa-complete", "logging"]]);
  });
});
