import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { auditDocuments } from "../scripts/audit-documents.ts";

const root = new URL("../", import.meta.url);
const documents = auditDocuments();

test.for([...documents])("%s is up to date (npx tsx scripts/generate-rule-pages.ts)", ([path, text]) => {
  expect(readFileSync(new URL(path, root), "utf8")).toBe(text);
});

test("no page of a rule that is gone is left over in docs/rules", () => {
  const pages = readdirSync(new URL("docs/rules/", root)).map((name) => `docs/rules/${name}`);
  expect(pages.filter((page) => !documents.has(page))).toEqual([]);
});
