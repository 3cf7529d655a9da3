import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/audit/evaluate.ts";
import { bothFixes, editFix } from "../../src/audit/policy-fix.ts";
import { rules } from "../../src/audit/rules/index.ts";
import { aBucket, anIntent } from "../support/audit-bucket.ts";
import { documentOf } from "../support/policy-documents.ts";

const guarded = ["presign-max-age", "sigv4-only", "tls-only", "tls-version"];

describe.for(rules.filter(({ id }) => guarded.includes(id)))("the fix of $id", (rule) => {
  const intent = anIntent({ prefix: "incoming", maxAgeSeconds: 300 });
  const resultFor = (policy?: unknown) => evaluate(aBucket({ policy }), [rule], intent)[0];

  test("adds a statement that makes it pass", () => {
    const broken = resultFor();
    expect(broken?.status).toBe("fail");
    const [statement = "{}"] = /^ {2}\{.*\}$/m.exec(broken?.fix.cli ?? "") ?? [];
    expect(resultFor(documentOf(JSON.parse(statement)))?.status).toBe("pass");
  });

  test("says the same for Terraform, with the bucket's own names", () => {
    const { cli, terraform } = resultFor()?.fix ?? { cli: "", terraform: "" };
    const [statement = "{}"] = /^ {2}\{.*\}$/m.exec(cli) ?? [];
    const { Sid, Action, Condition } = JSON.parse(statement);
    const [[operator = "", keys] = []] = Object.entries(Condition);
    for (const text of [Sid, Action, operator, ...Object.entries(keys as object).flat()]) {
      expect(terraform).toContain(`"${text}"`);
    }
    expect(`${cli}${terraform}`).not.toMatch(/\b(BUCKET|PREFIX|PARTITION|MAX_AGE_MS)\b/);
  });
});

test("an edit fetches the policy, says what to change, and puts it back", () => {
  const { cli, terraform } = editFix("name the role");
  expect(cli.split("\n")).toEqual([
    "aws s3api get-bucket-policy --bucket BUCKET --query Policy --output text > policy.json",
    "# in policy.json: name the role",
    "aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json",
  ]);
  expect(terraform).toContain("# name the role");
});

test("two fixes follow each other", () => {
  const first = { cli: "a", terraform: "b" };
  expect(bothFixes(first, { cli: "c", terraform: "d" })).toEqual({ cli: "a\nc", terraform: "b\nd" });
});
