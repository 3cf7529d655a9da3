import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { snapshotDocuments } from "../../scripts/snapshot-documents.ts";

test.for([...snapshotDocuments()])("%s is up to date (npm run docs)", ([path, text]) => {
  expect(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")).toBe(text);
});
