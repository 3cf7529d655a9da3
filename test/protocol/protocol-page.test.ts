import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { problemCodes } from "../../src/protocol/problem-codes.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

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
