import fc from "fast-check";
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

const text = (...report: Parameters<typeof aReport>) => auditReportText("human", aReport(...report), textOptions);

describe("one bucket", () => {
  test("reads from the answers about the policy over the failures to what comes next", () => {
    const witness = { action: "s3:PutObject", resource: "arn:aws:s3:::drop/x" };
    const written = aResult({
      rule: "public-write",
      layer: 3,
      severity: "critical",
      message: "drop lets anyone write. drop lets anyone delete.",
      evidence: [{ message: "drop lets anyone write.", witness }, { message: "drop lets anyone delete." }],
      witness,
      fix: { cli: "aws s3api delete-bucket-policy --bucket drop", terraform: "" },
    });
    const passed = aResult({ rule: "presign-max-age", layer: 1, status: "pass" });
    const skipped = aResult({ rule: "cors-etag", layer: 5, status: "not-applicable" });
    const results = [aResult(), passed, skipped, suppressedResult, unknownResult, written];

    expect(text([aBucket({ results })])).toBe(`drop

  The bucket policy
    Public by S3's definition?        no  AWS agrees: not public
    Open to strangers now?            no  no statement lets anyone in
    Only the block keeps it closed?   no

  Layer 3: Private bucket
    ✗ critical  public-write
      - drop lets anyone write. For example: anyone can call s3:PutObject on arn:aws:s3:::drop/x
      - drop lets anyone delete.
      Why: Whoever sits on the line reads and changes what is sent.
      Fix:
        aws s3api delete-bucket-policy --bucket drop
    ? critical  public-policy  could not be decided
      The bucket policy could not be read (AccessDenied); it takes s3:GetBucketPolicy.
      Missing permission: s3:GetBucketPolicy

  Beyond the five layers
    ✗ high      tls-only
      drop accepts plain HTTP: it has no bucket policy.
      Why: Whoever sits on the line reads and changes what is sent.
      Fix:
        aws s3api put-bucket-policy --bucket drop \\
          --policy file://tls-only.json

  ✓ Layer 1: Short-lived URLs: presign-max-age
  - not applicable: cors-etag
  - public-website: accepted until 2026-12-31: the landing page is served from it

1 bucket, 6 checks: 2 failed (1 critical, 1 high), 1 unknown, 1 passed, 1 not applicable, 1 suppressed
Exit code 1: a failure at or above high
Next:
  - Paste the fixes, the worst first, and run the same command again.
  - s3up audit --explain-rule ID tells more of a rule, and how to fix it with Terraform.
  - Allow s3:GetBucketPolicy; s3up audit --permissions prints the whole IAM policy that the audit needs.
`);
  });

  test("says the three answers apart, with what a stranger can do and what AWS itself says", () => {
    const strangers = {
      answer: "yes",
      can: [{ action: "s3:GetObject", resource: "arn:aws:s3:::drop/a", principal: "*" }],
      reason: "statement 1 names everyone",
    } as const;
    const report = text([aBucket({ policy: { public: "no", awsSays: true, strangers, masked: "unknown" } })]);
    expect(report).toContain("Public by S3's definition?        no  AWS itself says: public");
    expect(report).toContain(
      "yes  statement 1 names everyone\n      anyone can call s3:GetObject on arn:aws:s3:::drop/a\n",
    );
    expect(report).toContain("Only the block keeps it closed?   unknown");
  });

  test("shows a few of the requests that strangers can make, and not the one that the reason tells", () => {
    const can = ["a", "b", "c", "d", "e", "f", "f"].map((key) => ({
      action: "s3:GetObject",
      resource: `arn:aws:s3:::drop/${key}`,
    }));
    const strangers = { answer: "yes", can, reason: "anyone can call s3:GetObject on arn:aws:s3:::drop/a" } as const;
    const report = text([aBucket({ policy: { public: "yes", strangers, masked: "no" } })]);
    expect(report.match(/s3:GetObject on .*/g)).toEqual(
      ["a", "b", "c", "d", "e"].map((key) => `s3:GetObject on arn:aws:s3:::drop/${key}`),
    );
    expect(report).toContain("\n      and 1 more\n");
  });

  test("tells a fix once where several failures share it", () => {
    const report = text([aBucket({ results: [aResult(), aResult({ rule: "tls-version", severity: "low" })] })]);
    expect(report.match(/put-bucket-policy/g)).toHaveLength(1);
    expect(report).toContain("Fix: the same as for tls-only, above");
  });

  test("warns where only the block keeps a bucket closed", () => {
    const policy = { public: "yes", strangers: { answer: "no", can: [], reason: "" }, masked: "yes" } as const;
    expect(text([aBucket({ policy })])).toContain("yes  whoever switches Block Public Access off opens the bucket");
  });

  test("has nothing to do next when all is well", () => {
    const report = text([aBucket({ results: [aResult({ status: "pass" })] })], { exitCode: 0 });
    expect(report).toMatch(/1 check: 0 failed, 0 unknown, 1 passed\nExit code 0: no failure at or above high\n$/);
  });

  test("names the file that a snapshot came from", () => {
    expect(text([aBucket({ source: "drop.json" })])).toMatch(/^drop \(from drop\.json\)\n/);
  });
});

describe("exit codes in words", () => {
  test.for([
    [{ exitCode: 0, failOn: "none" }, "Exit code 0: no failure counts (--fail-on none)"],
    [{ exitCode: 0, failOn: "medium" }, "Exit code 0: no failure at or above medium"],
    [{ exitCode: 1, failOn: "low" }, "Exit code 1: a failure at or above low"],
    [{ exitCode: 3, failOn: "high" }, "Exit code 3: the operation failed"],
    [{ exitCode: 5, failOn: "high" }, "Exit code 5: a question stayed open, and nothing worse was found"],
  ] as const)("%j is told as %s", ([changes, sentence]) => {
    expect(text([aBucket()], changes)).toContain(sentence);
  });
});

describe("many buckets", () => {
  const good = aBucket({ bucket: "good", results: [aResult({ status: "pass" })] });
  const error = { code: "BUCKET_NOT_FOUND", message: "There is no bucket gone.", hint: "Look at its name." };
  const gone = aBucket({ bucket: "gone", results: [], error });

  test("begin with a table, the worst first", () => {
    expect(text([good, aBucket(), gone]).split("\n\n")[0]).toBe(
      [
        "bucket  critical  high  medium  low  info  unknown  passed",
        "gone    could not be audited",
        "drop           0     1       0    0     0        0       0",
        "good           0     0       0    0     0        0       1",
      ].join("\n"),
    );
  });

  test("go on with those that need attention only", () => {
    const report = text([good, aBucket(), gone]);
    expect(report).toContain("✗ gone could not be audited: There is no bucket gone. Look at its name.");
    expect(report).toContain("✗ high      tls-only");
    expect(report).not.toContain("\ngood\n");
  });
});

test("has colours only when asked", () => {
  const report = aReport([aBucket({ results: [aResult(), unknownResult] })]);
  expect(auditReportText("human", report, { ...textOptions, color: true })).toContain("\u001b[31m✗\u001b[39m");
  expect(auditReportText("human", report, textOptions)).not.toContain("\u001b");
});

test("what a bucket holds moves no cursor and begins no line", () => {
  fc.assert(
    fc.property(hostileText, (hostile) => {
      const policy = { public: "yes", strangers: { answer: "yes", can: [], reason: hostile }, masked: "no" } as const;
      const failed = aResult({ message: hostile, evidence: [{ message: hostile, missingAction: hostile }] });
      const results = [failed, { ...unknownResult, message: hostile, evidence: failed.evidence ?? [] }];
      const report = text([aBucket({ bucket: `b${hostile}`, source: hostile, results, policy })]);
      expect(report).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(
        report.split("\n").filter((line) => /^\S/.test(line) && !/^(b|1 bucket|Exit code|Next:)/.test(line)),
      ).toEqual([]);
    }),
  );
});
