import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/audit/evaluate.ts";
import { rules } from "../../src/audit/rules/index.ts";
import { checkSuppressions, type Suppression, suppress } from "../../src/audit/suppress.ts";
import { S3upError } from "../../src/errors.ts";
import { aBucket, anIntent, unread } from "../support/audit-bucket.ts";

const today = "2026-11-22";
const accepted: Suppression = { rule: "versioning", reason: "Uploads are copied away within a minute." };
const results = evaluate(aBucket(), rules, anIntent());
const statusOf = (rule: string, ...suppressions: readonly Suppression[]) =>
  suppress(results, { bucket: "drop", suppressions, today }).find((result) => result.rule === rule);

describe("suppress", () => {
  test("marks a failure and keeps the reason", () => {
    expect(statusOf("versioning", accepted)).toMatchObject({
      status: "suppressed",
      suppression: { reason: "Uploads are copied away within a minute.", by: "configuration" },
    });
  });

  test.for([
    ["the very name", "drop", "suppressed"],
    ["a pattern", "dr*", "suppressed"],
    ["a pattern for one character", "dro?", "suppressed"],
    ["another name", "drops", "fail"],
    ["a part of the name", "dro", "fail"],
    ["a pattern of others", "prod-*", "fail"],
  ] as const)("takes the bucket by %s", ([, bucket, status]) => {
    expect(statusOf("versioning", { ...accepted, bucket })?.status).toBe(status);
  });

  test("leaves other rules alone", () => {
    expect(statusOf("logging", accepted)?.status).toBe("fail");
  });

  test("leaves alone what passes and what is unknown", () => {
    const unknown = evaluate(aBucket({ versioning: unread() }), rules, anIntent());
    const [result] = suppress(unknown, { bucket: "drop", suppressions: [accepted], today }).filter(
      ({ rule }) => rule === "versioning",
    );
    expect(result?.status).toBe("unknown");
  });

  test("counts on its last day", () => {
    expect(statusOf("versioning", { ...accepted, expires: today })).toMatchObject({
      status: "suppressed",
      suppression: { expires: today },
    });
  });

  test("is a finding itself the day after, and what it held back is one again", () => {
    const expired = { ...accepted, expires: "2026-11-21" };
    expect(statusOf("versioning", expired)?.status).toBe("fail");
    expect(statusOf("suppression-expired", expired)).toMatchObject({
      status: "fail",
      severity: "medium",
      message:
        "The suppression of versioning for drop ended on 2026-11-21; its reason was: Uploads are copied away within a minute.",
    });
  });

  test("is no finding for a bucket that it does not concern", () => {
    expect(statusOf("suppression-expired", { ...accepted, bucket: "other", expires: "2020-01-01" })).toBeUndefined();
  });
});

describe("checkSuppressions", () => {
  const ids = rules.map(({ id }) => id);
  const check = (suppression: Suppression) => () => checkSuppressions([accepted, suppression], ids, "s3up.config.json");

  test("takes a good one", () => {
    expect(check({ ...accepted, bucket: "drop", expires: "2028-02-29" })).not.toThrow();
  });

  test.for([
    ["a reason that says nothing", { ...accepted, reason: "  " }, "It gives no reason for versioning."],
    ["a rule that is not there", { ...accepted, rule: "versions" }, 'There is no rule "versions".'],
    ["a day that is none", { ...accepted, expires: "2027-02-29" }, '"2027-02-29" is no day.'],
    ["a time instead of a day", { ...accepted, expires: "2027-02-28T00:00:00Z" }, '"2027-02-28T00:00:00Z" is no day.'],
  ] as const)("refuses %s", ([, suppression, why]) => {
    expect(check(suppression)).toThrow(S3upError);
    expect(check(suppression)).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: "Suppression 2 in s3up.config.json cannot be used.",
        why,
      }),
    );
  });
});
