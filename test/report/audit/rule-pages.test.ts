import { expect, test } from "vitest";
import { rulePages } from "../../../src/report/audit/rule-pages.ts";
import { aRule } from "../../support/audit-reports.ts";

const pages = rulePages([
  aRule(),
  aRule({
    id: "public-acl",
    layer: 3,
    severity: "critical",
    title: "No ACL lets everyone in",
    needs: ["acl", "ownership"],
  }),
]);

test("a rule has a page that says why, what it reads, how to fix it and how to accept it", () => {
  expect(
    pages.get("docs/rules/tls-only.md"),
  ).toBe(`<!-- Made from the rule's own file by \`npm run docs\`; do not edit. -->
# \`tls-only\`: Plain HTTP is refused

Beyond the five layers · **high** · [all rules](README.md)

## Why it matters

Whoever sits on the line reads and changes what is sent.

## What it reads

| Call | IAM action that allows it |
| --- | --- |
| GetBucketPolicy | \`s3:GetBucketPolicy\` |

## How to fix it

Names in capitals stand for your own; \`s3up audit\` fills them in.

With the AWS CLI:

\`\`\`sh
aws s3api put-bucket-policy --bucket BUCKET \\
  --policy file://tls-only.json
\`\`\`

With Terraform:

\`\`\`hcl
resource "aws_s3_bucket_policy" "drop" {
}
\`\`\`

## When it is meant to be so

Say so in \`s3up.config.json\`, with a reason; after the day of \`expires\` it is a finding again:

\`\`\`json
{
  "suppressions": [
    {
      "rule": "tls-only",
      "bucket": "my-bucket",
      "reason": "who decided it, and why",
      "expires": "2027-03-31"
    }
  ]
}
\`\`\`
`);
});

test("the index lists the rules by layer", () => {
  const index = pages.get("docs/rules/README.md") ?? "";
  expect(index).toContain("| [`public-acl`](public-acl.md) | critical | No ACL lets everyone in |");
  expect(index.indexOf("Layer 3: Private bucket")).toBeLessThan(index.indexOf("Beyond the five layers"));
});

test("every read is named once, whichever facets need it", () => {
  const page =
    rulePages([aRule({ needs: ["policy", "publicAccessBlock", "policy"] })]).get("docs/rules/tls-only.md") ?? "";
  expect(page.match(/GetBucketPolicy \|/g)).toHaveLength(1);
  expect(page).toContain("| GetPublicAccessBlock | `s3:GetBucketPublicAccessBlock` |");
});
