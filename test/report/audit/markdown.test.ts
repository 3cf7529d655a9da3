import fc from "fast-check";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import { auditReportText } from "../../support/audit-report-text.ts";
import {
  aBucket,
  aReport,
  aResult,
  suppressedResult,
  textOptions,
  unknownResult,
} from "../../support/audit-reports.ts";
import { hostileText } from "../../support/hostile-text.ts";

const markdown = (...report: Parameters<typeof aReport>) =>
  auditReportText("markdown", aReport(...report), textOptions);

test("a summary with the answers, the findings and a fix to open", () => {
  const results = [
    aResult(),
    unknownResult,
    suppressedResult,
    aResult({ rule: "bpa-complete", layer: 3, status: "pass" }),
  ];
  expect(markdown([aBucket({ results })])).toBe(`## s3up audit

1 bucket, 4 checks: 1 failed (1 high), 1 unknown, 1 passed, 1 suppressed. Exit code 1: a failure at or above high.

### \`drop\`

| The bucket policy | Answer |  |
| --- | --- | --- |
| Public by S3's definition | **no** | AWS agrees: not public |
| Open to strangers now | **no** | no statement lets anyone in |
| Only the block keeps it closed | **no** |  |

| Verdict | Severity | Rule | Layer | Found |
| --- | --- | --- | --- | --- |
| ❌ fail | high | \`tls-only\` | Beyond the five layers | drop accepts plain HTTP: it has no bucket policy. |
| ❔ unknown | critical | \`public-policy\` | Layer 3: Private bucket | The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy. |

<details><summary>tls-only: how to fix it</summary>

Whoever sits on the line reads and changes what is sent.

\`\`\`sh
aws s3api put-bucket-policy --bucket drop \\
  --policy file://tls-only.json
\`\`\`

With Terraform:

\`\`\`hcl
resource "aws_s3_bucket_policy" "drop" {
}
\`\`\`

</details>

<details><summary>public-policy: how to get an answer</summary>

Allow \`s3:GetBucketPolicy\` for whoever runs the audit.

</details>

- Passed: \`bpa-complete\`
- Suppressed: \`public-website\`, accepted until 2026-12-31: the landing page is served from it
`);
});

test("many buckets begin with a table, and only those that need attention follow", () => {
  const good = aBucket({ bucket: "good", results: [aResult({ status: "pass" })] });
  const gone = aBucket({
    bucket: "gone",
    results: [],
    error: { code: "BUCKET_NOT_FOUND", message: "No such bucket." },
  });
  const text = markdown([good, gone, aBucket()]);
  expect(text).toContain("| `gone` | could not be audited |  |  |  |  |  |  |\n| `drop` | 0 | 1 |");
  expect(text).toContain("### `gone`\n\ngone could not be audited: No such bucket.");
  expect(text).not.toContain("### `good`");
});

test("stays within what GitHub takes of a step", () => {
  const results = Array.from({ length: 40 }, () => aResult({ message: "ä".repeat(1000) }));
  const buckets = Array.from({ length: 1200 }, (_, index) => aBucket({ bucket: `drop-${index}`, results }));
  const text = markdown(buckets);
  expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
  expect(text).toContain("200 more buckets without a row.");
  expect(text).toMatch(/The rest does not fit into a job summary; the JSON and SARIF reports have all of it\.\n$/);
});

describe("hostile text", () => {
  test("makes no link, image, heading, list, table cell or HTML of its own", () => {
    const calm = elementsOf(reportOf("calm"));
    fc.assert(
      fc.property(hostileText, (hostile) => {
        expect(elementsOf(reportOf(hostile))).toEqual(calm);
      }),
      { numRuns: 300 },
    );
  });

  test.for([
    ["a mention", "@org/team", "@\u200borg/team"],
    ["an address", "https://evil.example", "https\\://evil.example"],
    ["a link", "[x](y)", "\\[x\\](y)"],
    ["a table cell", "a | b", "a \\| b"],
    ["a new line", "a\nb", "a b"],
    ["a turned direction", "a\u202eb", "a\\\\u202eb"],
  ] as const)("%s is text", ([, message, written]) => {
    expect(markdown([aBucket({ results: [aResult({ message })] })])).toContain(`| ${written} |`);
  });

  test("code that holds a fence gets a longer one", () => {
    const fix = { cli: "echo\n````\n# x", terraform: "" };
    expect(markdown([aBucket({ results: [aResult({ fix })] })])).toContain("`````sh\necho\n````\n# x\n`````");
  });
});

function reportOf(text: string): string {
  const failed = aResult({
    message: `m${text}`,
    why: `m${text}`,
    evidence: [{ message: `m${text}` }],
    fix: { cli: text, terraform: text },
  });
  const unknown = {
    ...unknownResult,
    message: `m${text}`,
    evidence: [{ message: `m${text}`, missingAction: `m${text}` }],
  };
  const suppressed = { ...suppressedResult, suppression: { reason: text, by: "configuration" } as const };
  const policy = { public: "no", strangers: { answer: "no", can: [], reason: text }, masked: "no" } as const;
  const error = { code: "S3_ERROR", message: `m${text}` };
  return markdown([
    aBucket({ bucket: `b${text}`, results: [failed, unknown, suppressed], policy }),
    aBucket({ bucket: `b${text}`, results: [], error }),
  ]);
}

/** The tags of the page, as GitHub's dialect makes them; code keeps its text to itself. */
function elementsOf(text: string): readonly string[] {
  const html = micromark(text, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
  });
  return html.match(/<[^>]*>/g) ?? [];
}
