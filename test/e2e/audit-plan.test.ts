/** `s3up audit --plan` as the built program: real plans and states, from files and from standard input. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { s3up, withCredentials } from "../support/built-program.ts";
import { useSandbox } from "../support/running-sandbox.ts";
import { caseText, type FoundBucket } from "../support/terraform-cases.ts";

const running = useSandbox();
const cases = fileURLToPath(new URL("../terraform/cases/", import.meta.url));
let directory = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "s3up-plan-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function written(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

function failuresOf(json: string): readonly string[] {
  const { buckets } = JSON.parse(json) as { readonly buckets: readonly FoundBucket[] };
  return buckets.flatMap(({ results }) =>
    results.filter(({ status }) => status === "fail").map(({ rule, address }) => `${rule} at ${address}`),
  );
}

describe("a plan", () => {
  test("on standard input is told for people, each finding with its resource", async () => {
    const { exitCode, stdout } = await s3up(["audit", "--plan", "-"], { input: caseText("insecure/plan.json") });
    expect(exitCode).toBe(1);
    expect(stdout).toContain("aws_s3_bucket_policy.uploads");
    expect(stdout).toContain("aws_s3_bucket_cors_configuration.uploads");
  });

  test("says in JSON the same as from a file", async () => {
    const input = caseText("insecure/plan.json");
    const words = ["--format", "json"];
    const piped = await s3up(["audit", "--plan", "-", ...words], { input });
    const read = await s3up(["audit", "--plan", join(cases, "insecure/plan.json"), ...words]);
    expect(failuresOf(piped.stdout)).toContain("public-write at aws_s3_bucket_policy.uploads");
    expect(failuresOf(read.stdout)).toEqual(failuresOf(piped.stdout));
    expect(piped.exitCode).toBe(1);
  });

  test("of OpenTofu says the same as one of Terraform", async () => {
    // its registry stands in the providers' names, and its version is its own
    const plan = JSON.parse(
      caseText("insecure/plan.json").replaceAll(/"[a-z.]+\/hashicorp\/aws"/g, '"registry.opentofu.org/hashicorp/aws"'),
    );
    const path = await written("tofu.json", JSON.stringify({ ...plan, terraform_version: "1.9.1" }));
    const tofu = await s3up(["audit", "--plan", path, "--format", "json"]);
    const terraform = await s3up(["audit", "--plan", join(cases, "insecure/plan.json"), "--format", "json"]);
    expect(failuresOf(tofu.stdout)).toEqual(failuresOf(terraform.stdout));
  });

  test("with --source leads code scanning to the line of the resource", async () => {
    const words = ["--plan", "plan.json", "--source", ".", "--format", "sarif"];
    const { stdout } = await s3up(["audit", ...words], { cwd: join(cases, "insecure") });
    const line =
      1 +
      caseText("insecure/main.tf")
        .split("\n")
        .findIndex((text) => text.startsWith('resource "aws_s3_bucket_policy" "uploads"'));
    const { runs } = JSON.parse(stdout);
    const found = runs[0].results.find((result: { readonly ruleId: string }) => result.ruleId === "public-write");
    const { artifactLocation, region } = found.locations[0].physicalLocation;
    expect([artifactLocation.uri, region.startLine]).toEqual(["main.tf", line]);
  });
});

test.each(["secure-known/raw-state-v4.json", "secure-known/state.json"])(
  "the state %s fails nothing that is grave",
  async (file) => {
    const { exitCode, stdout } = await s3up(["audit", "--plan", join(cases, file), "--format", "json"]);
    expect([exitCode, failuresOf(stdout).filter((found) => found.startsWith("public-"))]).toEqual([0, []]);
  },
);

describe("what is no plan ends with 2 and three lines", () => {
  test.each<readonly [sentence: string, content: string | Uint8Array, why: string]>([
    ["the log of terraform plan -json", caseText("changes/events.jsonl"), "It is the log of `terraform plan -json`"],
    ["the configuration itself", caseText("insecure/main.tf"), "It is Terraform's language"],
    [
      "the file of terraform plan -out",
      new Uint8Array([0x50, 0x4b, 3, 4, 20, 0, 8, 0, 0xff, 0xfe]),
      "It is a plan as `terraform plan -out` writes it",
    ],
    ["a plan that was cut off", caseText("insecure/plan.json").slice(0, 5000), "It is"],
    ["nothing", "", "It is empty."],
    ["a list", "[]", "It is JSON, but no object."],
  ])("%s", async (_, content, why) => {
    const path = await written("wrong", content);
    const { exitCode, stdout, stderr } = await s3up(["audit", "--plan", path]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    const [first, second, third, ...rest] = stderr.trimEnd().split("\n");
    expect(first).toBe(`Error: ${path} cannot be audited as a Terraform plan.`);
    expect(second?.trim().startsWith(why), second).toBe(true);
    expect(third).toContain("terraform show -json");
    expect(rest).toEqual([]);
  });
});

describe("a bucket beside its plan", () => {
  const bucket = { address: "aws_s3_bucket.b", mode: "managed", type: "aws_s3_bucket", name: "b" };
  const provider = { provider_name: "registry.terraform.io/hashicorp/aws" };

  async function drift(versioning: string): Promise<readonly string[]> {
    const change = (after: object) => ({
      actions: ["create"],
      before: null,
      after,
      after_unknown: {},
      after_sensitive: {},
    });
    const plan = {
      format_version: "1.2",
      planned_values: { root_module: {} },
      resource_changes: [
        { ...bucket, ...provider, change: change({ bucket: "drop" }) },
        {
          ...bucket,
          ...provider,
          address: "aws_s3_bucket_versioning.b",
          type: "aws_s3_bucket_versioning",
          change: change({ bucket: "drop", versioning_configuration: [{ status: versioning }] }),
        },
      ],
    };
    const path = await written("drift.json", JSON.stringify(plan));
    const words = ["audit", "drop", "--plan", path, "--format", "json"];
    const { stdout, stderr } = await s3up(words, { env: withCredentials(running.sandbox) });
    expect(stderr).not.toContain("Error");
    const { buckets } = JSON.parse(stdout) as { readonly buckets: readonly FoundBucket[] };
    return buckets.flatMap(({ results }) => results.map(({ rule, message }) => `${rule}: ${message}`));
  }

  test.each<readonly [sentence: string, versioning: string, rule: string, told: string]>([
    [
      "is told by the rule that the plan keeps and the bucket fails",
      "Enabled",
      "versioning",
      "drop has drifted: it fails here, and the plan holds.",
    ],
    ["is told by the setting, too", "Enabled", "settings-drift", "drop is set in another way than the plan has it"],
    [
      "has not drifted where both fail alike",
      "Disabled",
      "versioning",
      "No drift: drop fails it live and in the plan alike.",
    ],
  ])("%s", async (_, versioning, rule, told) => {
    const found = (await drift(versioning)).find((line) => line.startsWith(`${rule}: `));
    expect(found).toContain(told);
  });
});
