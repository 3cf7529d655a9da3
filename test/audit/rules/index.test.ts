import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { facets } from "../../../src/audit/facet-access.ts";
import { severities } from "../../../src/audit/rule.ts";
import { ruleDescriptions, rules } from "../../../src/audit/rules/index.ts";

const folder = new URL("../../../src/audit/rules/", import.meta.url);
const testFolder = new URL("./", import.meta.url);
const filesOf = (place: URL, ending: string) =>
  readdirSync(place).flatMap((name) => (name.endsWith(ending) ? [name.slice(0, -ending.length)] : []));

describe("the list of rules", () => {
  test("has every file of the folder, each named after its id", () => {
    const files = filesOf(folder, ".ts").filter((name) => name !== "index");
    expect(rules.map(({ id }) => id).sort()).toEqual(files.sort());
  });

  test("has a table of tests for each", () => {
    expect(filesOf(testFolder, ".test.ts")).toEqual(expect.arrayContaining(rules.map(({ id }) => id)));
  });

  test("has no id twice", () => {
    const ids = ruleDescriptions.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test("goes from layer to layer", () => {
    const layers = rules.map(({ layer }) => (layer === "extra" ? 6 : layer));
    expect(layers).toEqual(layers.toSorted((a, b) => a - b));
  });
});

describe.for(ruleDescriptions)("$id", ({ id, severity, title, why, fix }) => {
  test("has an id that can be typed and kept", () => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(severities).toContain(severity);
  });

  test("says in few words what is checked and why it matters", () => {
    expect(title).toMatch(/^[A-Z].{8,70}[^.]$/);
    expect(why).toMatch(/^\S.*\.$/);
    expect(why.split(/(?<=[.!?])\s+(?=[A-Z])/).length).toBeLessThanOrEqual(3);
  });

  test("has a fix to paste, for the command line and for Terraform", () => {
    expect(fix.cli.trim()).not.toBe("");
    expect(fix.terraform.trim()).not.toBe("");
  });
});

test.for(rules)("$id asks only for facets that exist, each once", ({ needs }) => {
  expect(facets).toEqual(expect.arrayContaining([...needs]));
  expect(needs).toEqual([...new Set(needs)]);
});
