import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { generatedDocuments } from "../../scripts/generate-protocol-schemas.ts";
import { problemCodes } from "../../src/protocol/problem-codes.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

describe("documents that are made from the code", () => {
  test.for([...generatedDocuments()])("%s is up to date (npm run docs)", ([path, text]) => {
    expect(read(path)).toBe(text);
  });

  test("no schema is left over", () => {
    const files = readdirSync(new URL("docs/protocol/", root)).map((name) => `docs/protocol/${name}`);
    const known = [...generatedDocuments().keys()].filter((path) => path.startsWith("docs/protocol/"));
    expect(files.toSorted()).toEqual(known.toSorted());
  });
});

describe("docs/protocol.md", () => {
  const page = read("docs/protocol.md");

  test.for(Object.entries(problemCodes))("tells %s and its status", ([code, { status }]) => {
    expect(page).toMatch(new RegExp(`^\\| ${status} \\| \`${code}\` \\|`, "m"));
  });

  test.for(["", "/multipart", "/multipart/parts", "/multipart/list", "/multipart/complete", "/multipart/abort"])(
    "describes /presign%s",
    (path) => {
      expect(page).toContain(`/presign${path}\``);
    },
  );
});
