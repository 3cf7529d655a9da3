import { describe, expect, test } from "vitest";
import { chooseRules, findRule } from "../../src/audit/rule-choice.ts";
import { rules } from "../../src/audit/rules/index.ts";

const ids = (wish: { readonly only?: readonly string[]; readonly skip?: readonly string[] }) =>
  chooseRules(rules, { only: [], skip: [], ...wish }).map(({ id }) => id);

describe("which rules run", () => {
  test("all, when nothing is said", () => {
    expect(ids({})).toEqual(rules.map(({ id }) => id));
  });

  test("only those that are named, in the order of the list", () => {
    expect(ids({ only: ["versioning", "tls-only"] })).toEqual(["tls-only", "versioning"]);
  });

  test("all but those that are skipped", () => {
    expect(ids({ skip: ["tls-only"] })).toEqual(rules.map(({ id }) => id).filter((id) => id !== "tls-only"));
  });
});

describe("an id that is none", () => {
  test.for<readonly [id: string, hint: string]>([
    ["tls-onyl", "Did you mean tls-only? "],
    ["TLS-ONLY", "Did you mean tls-only? "],
    ["tls", "Did you mean tls-only? "],
    ["cors", "Did you mean cors-wildcard-origin? "],
    ["lifecycle-abort", "Did you mean lifecycle-abort-mpu? "],
    ["mfa-deletes", "Did you mean mfa-delete? "],
    ["nothing-of-the-kind", ""],
    ["", ""],
  ])("%s", ([id, guess]) => {
    expect(() => findRule(rules, id)).toThrow(
      expect.objectContaining({
        code: "USAGE",
        message: `There is no rule "${id}".`,
        hint: `${guess}s3up audit --list-rules shows all of them.`,
      }),
    );
  });

  test("stops also where it is to be skipped", () => {
    expect(() => ids({ skip: ["tls-onyl"] })).toThrow(/There is no rule "tls-onyl"/);
  });
});
