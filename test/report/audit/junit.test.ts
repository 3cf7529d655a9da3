import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
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

const xml = (...report: Parameters<typeof aReport>) => auditReportText("junit", aReport(...report), textOptions);

test("a suite for each bucket, a test for each rule, and every verdict in its place", () => {
  const results = [
    aResult(),
    unknownResult,
    suppressedResult,
    aResult({ rule: "bpa-complete", layer: 3, status: "pass" }),
    aResult({ rule: "cors-etag", layer: 5, status: "not-applicable", message: "No browser uploads." }),
  ];
  expect(xml([aBucket({ results })])).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="s3up audit" tests="5" failures="1" errors="1" skipped="2">
  <testsuite name="drop" tests="5" failures="1" errors="1" skipped="2">
    <testcase classname="s3up.audit.extra" name="tls-only">
      <failure message="drop accepts plain HTTP: it has no bucket policy." type="high">drop accepts plain HTTP: it has no bucket policy.
Why: Whoever sits on the line reads and changes what is sent.
Fix:
aws s3api put-bucket-policy --bucket drop \\
  --policy file://tls-only.json</failure>
    </testcase>
    <testcase classname="s3up.audit.layer-3" name="public-policy">
      <error message="The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy." type="unknown">The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.
Missing permission: s3:GetBucketPolicy</error>
    </testcase>
    <testcase classname="s3up.audit.layer-3" name="public-website">
      <skipped message="accepted until 2026-12-31: the landing page is served from it (drop accepts plain HTTP: it has no bucket policy.)"/>
    </testcase>
    <testcase classname="s3up.audit.layer-3" name="bpa-complete"/>
    <testcase classname="s3up.audit.layer-5" name="cors-etag">
      <skipped message="not applicable: No browser uploads."/>
    </testcase>
  </testsuite>
</testsuites>
`);
});

test("a bucket that could not be audited is a suite with one error", () => {
  const error = { code: "BUCKET_NOT_FOUND", message: "There is no bucket gone.", hint: "Look at its name." };
  expect(xml([aBucket({ bucket: "gone", results: [], error })])).toContain(
    '<error message="There is no bucket gone." type="BUCKET_NOT_FOUND">Look at its name.</error>',
  );
});

describe("hostile text", () => {
  const parser = new XMLParser({
    ignoreAttributes: false,
    trimValues: false,
    parseAttributeValue: false,
    processEntities: true,
    htmlEntities: true,
  });

  test("stays inside its element and attribute", () => {
    fc.assert(
      fc.property(hostileText, (hostile) => {
        const failed = aResult({ message: hostile, why: hostile, fix: { cli: hostile, terraform: "" } });
        const text = xml([aBucket({ bucket: hostile, results: [failed, { ...unknownResult, message: hostile }] })]);
        expect(XMLValidator.validate(text)).toBe(true);
        expect(text).not.toMatch(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u);
        const { testsuite } = parser.parse(text).testsuites;
        expect(testsuite.testcase).toHaveLength(2);
        expect(Object.keys(testsuite.testcase[0]).sort()).toEqual(["#text", "@_classname", "@_name", "failure"]);
      }),
    );
  });

  test.for([
    ["markup", "<b a='1'>&amp;]]></b>", "&lt;b a=&apos;1&apos;&gt;&amp;amp;]]&gt;&lt;/b&gt;"],
    ["line breaks", "a\r\n\tb", "a&#13;&#10;&#9;b"],
    ["what XML forbids", "a\u0000\u001b\ufffe\ud800b", "a\ufffd\ufffd\ufffd\ufffdb"],
  ] as const)("%s in an attribute", ([, message, written]) => {
    expect(xml([aBucket({ results: [aResult({ message })] })])).toContain(`message="${written}"`);
  });
});
