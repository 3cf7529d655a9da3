import { describe, expect, test } from "vitest";
import { jsonBlocks } from "../../src/terraform/json-blocks.ts";
import { runAudit } from "../support/audit-runtime.ts";
import { caseText } from "../support/terraform-cases.ts";

const shown = (text: string) =>
  jsonBlocks(text).map(({ type, labels, line, source }) =>
    [type, ...labels, line, ...(source ? [source] : [])].join(" "),
  );

describe("the blocks of a .tf.json file", () => {
  test.each<readonly [sentence: string, text: string, blocks: readonly string[]]>([
    [
      "stand at their names",
      '{\n"resource": {\n"aws_s3_bucket": {\n"a": {},\n"b": {"bucket": "x"}\n}}}',
      ["resource aws_s3_bucket a 4", "resource aws_s3_bucket b 5"],
    ],
    ["may be data", '{"data": {"aws_s3_bucket":\n{"a": {}}}}', ["data aws_s3_bucket a 2"]],
    ["may be modules with their source", '{"module": {"m": {"source": "./m"}}}', ["module m 1 ./m"]],
    [
      "may be of a list at each level",
      '[{"resource": [{"t": [{"a": [{}]},\n{"b": {}}]}]}]',
      ["resource t a 1", "resource t b 2"],
    ],
    ["are none of variables and comments", '{"//": "why", "variable": {"v": {"default": {"resource": {}}}}}', []],
    ["are none in what is no JSON", 'resource "a" "b" {}', []],
    ["are none in what is nested without end", `${"[".repeat(100_000)}`, []],
    ["are none in a value of another kind", '{"resource": "x", "module": {"m": 1}}', ["module m 1"]],
  ])("%s", (_, text, blocks) => {
    expect(shown(text)).toEqual(blocks);
  });
});

test("--source leads to the line in a .tf.json file", async () => {
  const source = '{\n  "resource": {\n    "aws_s3_bucket_policy": {\n      "uploads": {}\n    }\n  }\n}\n';
  const files = { "plan.json": caseText("insecure/plan.json"), "infra/main.tf.json": source };
  const { stdout } = await runAudit(["--plan", "plan.json", "--source", "infra", "--format", "json"], { files });
  expect(stdout).toContain(
    '"address":"aws_s3_bucket_policy.uploads","addresses":["aws_s3_bucket_policy.uploads"],"location":{"file":"infra/main.tf.json","line":4}',
  );
});
