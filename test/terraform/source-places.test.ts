import { describe, expect, test } from "vitest";
import { runAudit } from "../support/audit-runtime.ts";
import { caseText } from "../support/terraform-cases.ts";

interface Located {
  readonly buckets: readonly {
    readonly results: readonly { readonly rule: string; readonly address?: string; readonly location?: object }[];
  }[];
}

const root = "infra";
const nested = ["main.tf", "modules/stack/main.tf", "modules/bucket/main.tf", "modules/bucket/guard/main.tf"];

/** The files of a case below a directory. */
function filesOf(name: string, paths: readonly string[]): Readonly<Record<string, string>> {
  const sources = paths.map((path) => [`${root}/${path}`, caseText(`${name}/${path}`)] as const);
  return { "plan.json": caseText(`${name}/plan.json`), ...Object.fromEntries(sources) };
}

async function locations(name: string, paths: readonly string[], changes: Readonly<Record<string, string>> = {}) {
  const words = ["--plan", "plan.json", "--source", root];
  const files = { ...filesOf(name, paths), ...changes };
  const { stdout } = await runAudit([...words, "--format", "json"], { files });
  const results = (JSON.parse(stdout) as Located).buckets.flatMap((bucket) => bucket.results);
  return new Map(results.map(({ address, location }) => [address, location]));
}

function lineOf(path: string, text: string): number {
  const at = caseText(path)
    .split("\n")
    .findIndex((line) => line.includes(text));
  expect(at, `${text} is in ${path}`).toBeGreaterThanOrEqual(0);
  return at + 1;
}

describe("--source names the line", () => {
  test("of each resource of the root", async () => {
    const places = await locations("insecure", ["main.tf"]);
    expect(places.get("aws_s3_bucket_policy.uploads")).toEqual({
      file: "infra/main.tf",
      line: lineOf("insecure/main.tf", 'resource "aws_s3_bucket_policy" "uploads"'),
    });
    expect([...places.values()]).not.toContain(undefined);
  });

  test("of resources in modules of modules, whatever their keys", async () => {
    const places = await locations("modules-nested", nested);
    expect(places.get('module.stack["red"].module.bucket[0].aws_s3_bucket.this')).toEqual({
      file: "infra/modules/bucket/main.tf",
      line: lineOf("modules-nested/modules/bucket/main.tf", 'resource "aws_s3_bucket" "this"'),
    });
    expect(places.get('module.stack["red"].aws_s3_bucket_public_access_block.this')).toEqual({
      file: "infra/modules/stack/main.tf",
      line: lineOf("modules-nested/modules/stack/main.tf", "aws_s3_bucket_public_access_block"),
    });
  });

  test("of the call, where the module is not below the directory", async () => {
    const places = await locations("modules-nested", ["main.tf"]);
    const line = lineOf("modules-nested/main.tf", 'module "stack"');
    expect(places.get('module.stack["red"].aws_s3_bucket_public_access_block.this')).toEqual({
      file: "infra/main.tf",
      line,
    });
  });

  test("in SARIF and in annotations", async () => {
    const files = filesOf("insecure", ["main.tf"]);
    const words = ["--plan", "plan.json", "--source", root, "--format"];
    const sarif = JSON.parse((await runAudit([...words, "sarif"], { files })).stdout);
    const found = sarif.runs[0].results.find(({ ruleId }: { readonly ruleId: string }) => ruleId === "public-policy");
    const line = lineOf("insecure/main.tf", 'resource "aws_s3_bucket_policy" "uploads"');
    expect(found.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "infra/main.tf", uriBaseId: "%SRCROOT%" },
      region: { startLine: line, startColumn: 1 },
    });
    expect(found.locations[0].logicalLocations[0].fullyQualifiedName).toBe("aws_s3_bucket_policy.uploads");
    const { stdout } = await runAudit([...words, "github"], { files });
    expect(stdout).toContain(`::error file=infra/main.tf,line=${line},title=acme-insecure%3A public-policy`);
  });

  test("a directory without a configuration is refused", async () => {
    const { exitCode, stderr } = await runAudit(["--plan", "plan.json", "--source", "nowhere"], {
      files: { "plan.json": caseText("insecure/plan.json") },
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("There is no Terraform configuration in nowhere.");
  });

  test("it goes with --plan only", async () => {
    const { exitCode, stderr } = await runAudit(["bucket", "--source", "."]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--source goes with --plan only.");
  });
});
