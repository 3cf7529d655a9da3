import { stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { keysIn, randomId } from "../../src/sandbox/sandbox-keys.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const directory = useTemporaryDirectory();

test("keys are shaped like those of AWS and stay with their directory, for nobody else to read", async () => {
  const keys = await keysIn(directory(), Math.random);
  expect(keys.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
  expect(keys.secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
  expect(await keysIn(directory(), Math.random)).toEqual(keys);
  expect((await stat(join(directory(), "keys.json"))).mode & 0o777).toBe(0o600);
});

test("ids come from the chance that is handed in", () => {
  expect(randomId(() => 0)).toBe("a".repeat(26));
  expect(randomId(Math.random)).toMatch(/^[a-z0-9]{26}$/);
});
