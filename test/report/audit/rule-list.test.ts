import { describe, expect, test } from "vitest";
import { ruleExplanation, ruleListJson, ruleTable } from "../../../src/report/audit/rule-list.ts";
import { aRule } from "../../support/audit-reports.ts";

const rules = [
  aRule(),
  aRule({ id: "cors-etag", layer: 5, title: "Parts can be completed" }),
  aRule({
    id: "public-acl",
    layer: 3,
    severity: "critical",
    title: "No ACL lets everyone in",
    needs: ["acl", "ownership"],
  }),
  aRule({ id: "acls-disabled", layer: 3, severity: "medium", title: "ACLs are off" }),
];

describe("--list-rules", () => {
  test("is a table, layer by layer and in each the worst first", () => {
    expect(ruleTable(rules)).toBe(`layer  severity  rule           title
3      critical  public-acl     No ACL lets everyone in
3      medium    acls-disabled  ACLs are off
5      high      cors-etag      Parts can be completed
+      high      tls-only       Plain HTTP is refused
`);
  });

  test("is one object for programs, with the permissions that each rule needs", () => {
    const text = ruleListJson(rules);
    expect(text).toMatch(/^\{.*\}\n$/);
    const { v, type, rules: listed } = JSON.parse(text);
    expect([v, type]).toEqual([1, "rules"]);
    expect(listed[0]).toEqual({
      id: "public-acl",
      layer: 3,
      severity: "critical",
      title: "No ACL lets everyone in",
      why: "Whoever sits on the line reads and changes what is sent.",
      fix: aRule().fix,
      needs: ["acl", "ownership"],
      actions: ["s3:GetBucketAcl", "s3:GetBucketOwnershipControls"],
    });
  });
});

describe("--explain-rule", () => {
  test("says what it is about, why, what it reads and both fixes", () => {
    expect(ruleExplanation(aRule())).toBe(`tls-only: Plain HTTP is refused
Beyond the five layers, high

Whoever sits on the line reads and changes what is sent.

Reads with: s3:GetBucketPolicy

Fix with the AWS CLI:
  aws s3api put-bucket-policy --bucket BUCKET \\
    --policy file://tls-only.json

Fix with Terraform:
  resource "aws_s3_bucket_policy" "drop" {
  }
`);
  });

  test("names no permission where nothing is read", () => {
    expect(ruleExplanation(aRule({ needs: [] }))).not.toContain("Reads with");
  });
});
