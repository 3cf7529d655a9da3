import { describe, expect, test } from "vitest";
import type { EndpointProbe } from "../../src/audit/endpoint-facts.ts";
import type { AuditOptions } from "../../src/commands/audit.ts";
import { auditCommand } from "../../src/commands/audit.ts";
import { anEndpoint } from "../support/audit-endpoint.ts";
import { runAudit, statusesIn } from "../support/audit-runtime.ts";
import { optionsOf } from "../support/command-line.ts";
import type { RuntimeChanges } from "../support/command-runtime.ts";

const options = (line: string, changes: RuntimeChanges = {}): Promise<AuditOptions> =>
  optionsOf<AuditOptions>(auditCommand, line, changes);

describe("the line", () => {
  test.for<readonly [line: string, expected: object]>([
    ["drop", { targets: { kind: "buckets", names: ["drop"] }, format: "human", failOn: "high", probe: undefined }],
    ["drop other drop", { targets: { kind: "buckets", names: ["drop", "other"] } }],
    ["s3://drop/ arn:aws:s3:::other", { targets: { kind: "buckets", names: ["drop", "other"] } }],
    ["--all", { targets: { kind: "all" } }],
    ["--plan p.json", { targets: { kind: "plan", paths: ["p.json"] } }],
    [
      "--plan p.json --plan q.json --source infra",
      { targets: { kind: "plan", paths: ["p.json", "q.json"] }, source: "infra" },
    ],
    ["drop --plan -", { targets: { kind: "drift", paths: ["-"], names: ["drop"] } }],
    ["--snapshot s.json drop", { targets: { kind: "snapshot", path: "s.json", names: ["drop"] } }],
    ["--endpoint https://a.example/presign", { targets: { kind: "endpoint" } }],
    ["drop --json", { format: "json", formatSaid: "json" }],
    ["drop --format junit", { format: "junit", formatSaid: "junit" }],
    [
      "drop -o a.json -o sarif=b -o=c.d",
      {
        outputs: [
          { format: undefined, path: "a.json" },
          { format: "sarif", path: "b" },
          { format: undefined, path: "=c.d" },
        ],
      },
    ],
    [
      "drop --origin https://a.example --origin https://b.example,https://c.example",
      { intent: { origins: ["https://a.example", "https://b.example", "https://c.example"] } },
    ],
    ["drop --max-age 15m --mode multipart", { intent: { maxAgeSeconds: 900, mode: "multipart" } }],
    ["drop --rule a --rule b --skip c", { rules: { only: ["a", "b"], skip: ["c"] } }],
    ["drop --function f --role r", { signer: { functionName: "f", role: "r" } }],
    ["--list-rules", { task: { kind: "list-rules" } }],
    ["--explain-rule tls-only", { task: { kind: "explain-rule", id: "tls-only" } }],
    ["drop --permissions", { task: { kind: "permissions" }, targets: { kind: "buckets", names: ["drop"] } }],
    ["drop --trust 111122223333", { intent: { trustedPrincipals: ["111122223333"] } }],
  ])("%s", async ([line, expected]) => {
    expect(await options(line)).toMatchObject(expected);
  });
});

describe("where settings come from", () => {
  const config = (settings: object) => ({ files: { "s3up.config.json": JSON.stringify(settings) } });

  test("the section of the configuration names them as the options do", async () => {
    const audit = {
      prefix: "in/",
      origin: ["https://a.example", "https://b.example"],
      maxAge: "10m",
      failOn: "low",
      trust: "111122223333",
      kmsKeyId: "key",
      publicFunctionReason: "a demo",
      suppressions: [{ rule: "logging", reason: "none kept" }],
    };
    expect(await options("drop", config({ audit }))).toMatchObject({
      intent: {
        prefix: "in/",
        origins: ["https://a.example", "https://b.example"],
        maxAgeSeconds: 600,
        trustedPrincipals: ["111122223333"],
        kmsKeyId: "key",
        publicFunctionReason: "a demo",
      },
      failOn: "low",
      suppressions: audit.suppressions,
      configPath: "s3up.config.json",
    });
  });

  test("the line wins over a variable, a variable over the configuration", async () => {
    const changes = { ...config({ audit: { prefix: "config/", maxAge: "1m" } }), environment: { S3UP_MAX_AGE: "2m" } };
    expect(await options("drop --prefix line/", changes)).toMatchObject({
      intent: { prefix: "line/", maxAgeSeconds: 120 },
    });
  });

  test("accepted findings may stand at the top of the configuration, too", async () => {
    const top = [{ rule: "logging", reason: "a" }];
    const own = [{ rule: "versioning", reason: "b" }];
    const { suppressions } = await options("drop", config({ suppressions: top, audit: { suppressions: own } }));
    expect(suppressions).toEqual([...top, ...own]);
  });

  test.for<readonly [sentence: string, line: string, changes: RuntimeChanges, probed: boolean]>([
    ["the one of uploads is not probed", "drop", config({ endpoint: "https://a.example/presign" }), false],
    ["nor that of a variable", "drop", { environment: { S3UP_ENDPOINT: "https://a.example/presign" } }, false],
    ["that of the audit is", "drop", config({ audit: { endpoint: "https://a.example/presign" } }), true],
    ["and that of the line", "drop --endpoint https://a.example/presign", {}, true],
  ])("of endpoints, %s", async ([, line, changes, probed]) => {
    expect((await options(line, changes)).probe !== undefined).toBe(probed);
  });
});

describe("what is told without an audit", () => {
  test("--list-rules names every rule, or those that were chosen", async () => {
    const all = await runAudit(["--list-rules"]);
    expect(all.stdout).toMatch(/^layer +severity +rule +title\n/);
    expect(all.stdout).toContain("suppression-expired");
    const some = await runAudit(["--list-rules", "--rule", "tls-only", "--json"]);
    expect(JSON.parse(some.stdout).rules.map(({ id }: { id: string }) => id)).toEqual(["tls-only"]);
    expect(all.exitCode).toBe(0);
  });

  test("--explain-rule says why, and how to repair it", async () => {
    const { stdout, exitCode } = await runAudit(["--explain-rule", "tls-only"]);
    expect(stdout).toMatch(/^tls-only: /);
    expect(stdout).toContain("Fix with Terraform:");
    expect(exitCode).toBe(0);
  });

  test("--permissions are those of the rules and the buckets that are named", async () => {
    const { stdout } = await runAudit(["drop", "--permissions", "--rule", "tls-only", "--region", "cn-north-1"]);
    expect(JSON.parse(stdout)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "ReadBucketSettings",
          Effect: "Allow",
          Action: ["s3:GetBucketPolicy"],
          Resource: "arn:aws-cn:s3:::drop",
        },
      ],
    });
  });

  test("--permissions without a bucket are for all", async () => {
    const { stdout } = await runAudit(["--permissions", "--rule", "tls-only"]);
    expect(stdout).toContain("s3:ListAllMyBuckets");
    expect(stdout).toContain('"arn:aws:s3:::*"');
  });
});

describe("the endpoint", () => {
  const file = (bucket: string) => ({ "s.json": JSON.stringify({ v: 1, bucket, facets: {} }) });
  const probed = (probe: Partial<EndpointProbe> = {}) => ({
    probeEndpoint: async (): Promise<EndpointProbe> => ({ facts: anEndpoint(), requests: 25, ...probe }),
  });
  const words = ["--snapshot", "s.json", "--endpoint", "https://api.example.com/presign", "--json"];

  test("counts for the bucket that it signs for", async () => {
    const { stdout, stderr } = await runAudit(words, { files: file("drop"), ...probed() });
    expect(statusesIn(stdout)).toMatchObject({ "key-sanitised": "pass", "endpoint-bucket": "pass" });
    expect(stderr).toBe(
      "Sent 25 requests to https://api.example.com/presign, 17 of them with a hostile file name. Nothing was uploaded.\n",
    );
  });

  test("that signs for another bucket is a finding of the one that is audited", async () => {
    const { stdout } = await runAudit(words, { files: file("other"), ...probed() });
    expect(statusesIn(stdout)).toMatchObject({ "endpoint-bucket": "fail" });
  });

  test("that was uploaded to leaves something to delete", async () => {
    const stored = { bucket: "drop", key: "uploads/1-s3up-probe.txt", bytes: 11 };
    const facts = anEndpoint({ replay: { first: 200, second: 412 } });
    const { stdout, stderr } = await runAudit(words, { files: file("drop"), ...probed({ facts, stored }) });
    expect(statusesIn(stdout)).toMatchObject({ "urls-one-time": "pass" });
    expect(stderr).toContain("Uploaded 11 bytes, twice to one address: delete s3://drop/uploads/1-s3up-probe.txt.");
  });

  test("is not talked about with --quiet", async () => {
    const { stderr } = await runAudit([...words, "--quiet"], { files: file("drop"), ...probed() });
    expect(stderr).toBe("");
  });

  test("tells which headers browsers must be allowed to send", async () => {
    const cors = [{ AllowedOrigins: ["https://a.example"], AllowedMethods: ["PUT"], AllowedHeaders: ["content-type"] }];
    const files = { "s.json": JSON.stringify({ v: 1, bucket: "drop", facets: { cors } }) };
    const { stdout } = await runAudit([...words, "--origin", "https://a.example", "--mode", "put"], {
      files,
      ...probed(),
    });
    expect(statusesIn(stdout)).toMatchObject({ "cors-headers-cover": "fail" });
  });
});
