import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generatedDocuments, generatedFolders } from "../scripts/generate-docs.ts";

const root = new URL("../", import.meta.url);
const documents = generatedDocuments();

test.for([...documents])("%s is up to date (npm run docs)", ([path, text]) => {
  expect(readFileSync(new URL(path, root), "utf8")).toBe(text);
});

test.for(generatedFolders)("no file is left over in %s", (folder) => {
  const files = readdirSync(new URL(folder, root)).map((name) => `${folder}${name}`);
  expect(files.filter((file) => !documents.has(file))).toEqual([]);
});
