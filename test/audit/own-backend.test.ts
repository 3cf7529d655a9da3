import { expect, test } from "vitest";
import { isOwnBackend, LONGEST_BY_DEFAULT, mayOverwrite, PREFIX_BY_DEFAULT } from "../../src/audit/own-backend.ts";
import { settingTable } from "../../src/backend/settings.ts";

test.for([
  [{ BUCKET: "drop", AUTH: "jwt" }, true],
  [{ BUCKET: "drop", AUTH: "none" }, true],
  [{ BUCKET: "drop", AUTH: "basic" }, false],
  [{ BUCKET: "drop" }, false],
  [{ AUTH: "iam" }, false],
] as const)("%j is the backend of s3up: %s", ([environment, expected]) => {
  expect(isOwnBackend(environment)).toBe(expected);
});

test("the defaults are the backend's own", () => {
  expect(String(LONGEST_BY_DEFAULT)).toBe(settingTable.expiresInMax.fallback);
  expect(PREFIX_BY_DEFAULT).toBe(settingTable.keyPrefix.fallback);
  expect(mayOverwrite({})).toBe(settingTable.overwrite.fallback === "allowed");
  expect(mayOverwrite({ OVERWRITE: "allowed" })).toBe(true);
});
