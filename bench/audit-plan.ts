/**
 * What the audit of a Terraform plan costs: time and memory of the whole program on a plan of 5,000 resources. `npm run bench:plan`
 *
 * The plan is made here: buckets with eight companions each, a third of them in modules, named by reference as most configurations
 * do, among as many resources that are of no interest. A bare `node -e` that only parses the file is the floor.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { costOfAudit } from "./process-cost.ts";

const program = new URL("../bin/s3up.js", import.meta.url).pathname;
const resources = Number(process.argv[2] ?? 5000);
/** Of so many resources: a large project, and one of nothing but buckets. */
const buckets = [100, Math.floor(resources / 9)];
const runs = 3;
const folder = mkdtempSync(join(tmpdir(), "s3up-bench-"));

try {
  console.log(`Node ${process.version}; ${resources} resources\n`);
  console.log(
    "| buckets | plan MiB | what | seconds | of the processor | peak memory MiB |\n|---|---|---|---|---|---|",
  );
  for (const count of buckets) {
    const file = join(folder, `plan-${count}.json`);
    writeFileSync(file, JSON.stringify(planOf(resources, count)));
    const size = (statSync(file).size / 1024 / 1024).toFixed(1);
    const parse = `JSON.parse(require("fs").readFileSync(${JSON.stringify(file)}, "utf8"))`;
    await row(`| ${count} | ${size} | node, parsing the file`, ["-e", parse]);
    await row(`| ${count} | ${size} | s3up audit --plan`, [
      program,
      "audit",
      "--plan",
      file,
      "--format",
      "json",
      "--quiet",
    ]);
  }
} finally {
  rmSync(folder, { recursive: true });
}

async function row(name: string, words: readonly string[]): Promise<void> {
  const measured = [];
  for (let run = 0; run < runs; run++) measured.push(await costOfAudit(words, process.env));
  const seconds = measured.map((one) => one.seconds).sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
  const busy = measured.map((one) => one.busySeconds).sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
  const peak = Math.max(...measured.map((one) => one.peakMiB));
  console.log(`${name} | ${seconds.toFixed(2)} | ${busy.toFixed(2)} | ${peak.toFixed(0)} |`);
}

interface Made {
  readonly type: string;
  readonly after: object;
  readonly unknown: object;
  readonly expressions: object;
}

function planOf(count: number, bucketCount: number) {
  const changes: { readonly type: string }[] = [];
  const root: object[] = [];
  const calls: Record<string, object> = {};
  for (let at = 0; changes.length < count; at++) {
    const made = at < bucketCount ? bucketWith(at) : [bystander(at)];
    const module = at % 3 === 0 ? `m${at}` : undefined;
    const configured = made.map((one) => ({ ...identity(one, at), expressions: one.expressions }));
    if (module === undefined) root.push(...configured);
    else calls[module] = { source: `./${module}`, module: { resources: configured } };
    changes.push(...made.map((one) => change(one, at, module)));
  }
  return {
    format_version: "1.2",
    terraform_version: "1.11.4",
    planned_values: { root_module: {} },
    resource_changes: changes.slice(0, count),
    configuration: { root_module: { resources: root, module_calls: calls } },
  };
}

function identity({ type }: Made, at: number) {
  const name = type.startsWith("aws_s3") ? `b${at}` : `x${at}`;
  return { address: `${type}.${name}`, mode: "managed", type, name, provider_config_key: "aws" };
}

function change(one: Made, at: number, module: string | undefined) {
  const { provider_config_key: _, address, ...rest } = identity(one, at);
  return {
    address: module === undefined ? address : `module.${module}.${address}`,
    ...(module === undefined ? {} : { module_address: `module.${module}` }),
    ...rest,
    provider_name: "terraform.example/hashicorp/aws",
    change: { actions: ["create"], before: null, after: one.after, after_unknown: one.unknown, after_sensitive: {} },
  };
}

function bystander(at: number): Made {
  const type = ["aws_instance", "aws_security_group", "aws_subnet"][at % 3] ?? "aws_instance";
  return {
    type: `${type}_${at % 9}`,
    after: { tags: { Name: `n${at}` } },
    unknown: { id: true, arn: true },
    expressions: {},
  };
}

function bucketWith(at: number): readonly Made[] {
  const bucket = { references: [`aws_s3_bucket.b${at}.id`, `aws_s3_bucket.b${at}`] };
  const of = (type: string, after: object, unknown: object = {}): Made => ({
    type: `aws_s3_bucket_${type}`,
    after,
    unknown: { bucket: true, id: true, ...unknown },
    expressions: { bucket },
  });
  const deny = (Action: string, Condition: object) => ({
    Effect: "Deny",
    Principal: "*",
    Action,
    Resource: [`arn:aws:s3:::bench-${at}`, `arn:aws:s3:::bench-${at}/*`],
    Condition,
  });
  const policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      deny("s3:*", { Bool: { "aws:SecureTransport": "false" } }),
      deny("s3:PutObject", { NumericGreaterThan: { "s3:signatureAge": "600000" } }),
    ],
  });
  const flags = { block_public_acls: true, block_public_policy: true, ignore_public_acls: true };
  return [
    {
      type: "aws_s3_bucket",
      after: { bucket: `bench-${at}` },
      unknown: { id: true, arn: true, policy: true },
      expressions: {},
    },
    of("public_access_block", { ...flags, restrict_public_buckets: at % 5 !== 0 }),
    of("ownership_controls", { rule: [{ object_ownership: "BucketOwnerEnforced" }] }),
    of(
      "versioning",
      { versioning_configuration: [{ status: "Enabled" }] },
      { versioning_configuration: [{ mfa_delete: true }] },
    ),
    of("server_side_encryption_configuration", {
      rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: "AES256" }] }],
    }),
    of("lifecycle_configuration", {
      rule: [
        { id: "a", status: "Enabled", filter: [{}], abort_incomplete_multipart_upload: [{ days_after_initiation: 1 }] },
      ],
    }),
    of("cors_configuration", {
      cors_rule: [{ allowed_origins: ["https://app.example.com"], allowed_methods: ["PUT"], expose_headers: ["ETag"] }],
    }),
    of("logging", { target_bucket: "logs", target_prefix: `b${at}/` }),
    at % 4 === 0 ? of("policy", {}, { policy: true }) : of("policy", { policy }),
  ];
}
