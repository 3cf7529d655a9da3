import { expect, test } from "vitest";
import { scrubbed } from "../../../src/report/audit/scrubbed.ts";
import { auditReportText } from "../../support/audit-report-text.ts";
import { aBucket, aReport, aResult, textOptions } from "../../support/audit-reports.ts";

const signedUrl = "https://drop.s3.amazonaws.com/a?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0123abcd";

test.for([
  ["a signed URL", `see ${signedUrl} here`, "see https://drop.s3.amazonaws.com/a?[signature removed] here"],
  ["one in JSON", `{"url":"${signedUrl}"}`, '{"url":"https://drop.s3.amazonaws.com/a?[signature removed]"}'],
  ["Signature V2", "https://h/a?AWSAccessKeyId=AK&Signature=x", "https://h/a?[signature removed]"],
  ["a token", "https://h/a?x=1&X-Amz-Security-Token=t", "https://h/a?[signature removed]"],
  ["an address without a signature", "https://h/a?list-type=2", "https://h/a?list-type=2"],
  [
    "words of a policy",
    'The Policy: "s3:signatureversion" Signature=none?',
    'The Policy: "s3:signatureversion" Signature=none?',
  ],
] as const)("%s", ([, text, shown]) => {
  expect(scrubbed(text)).toBe(shown);
});

test("is done before any format, wherever the URL stands", () => {
  const evidence = [{ message: signedUrl, value: { list: [signedUrl] } }];
  const report = aReport([aBucket({ results: [aResult({ message: signedUrl, evidence })] })]);
  for (const format of ["human", "json", "sarif", "junit", "markdown", "github"] as const) {
    expect(auditReportText(format, report, textOptions)).not.toContain("0123abcd");
  }
});

test("takes no quadratic time on a text of question marks", () => {
  const text = "?&Signatur".repeat(200_000);
  expect(scrubbed(text)).toBe(text);
});
