import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTokenSource } from "../../src/http/token-command.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const directory = useTemporaryDirectory();

/** Prints token-1, token-2, … : one more each time it runs. */
function counting() {
  const runs = join(directory(), "runs");
  let time = 0;
  const source = createTokenSource({
    command: `echo run >> '${runs}'; echo "token-$(wc -l < '${runs}' | tr -d ' ')"`,
    now: () => time,
    talk: () => {},
  });
  return {
    source,
    wait: (ms: number) => {
      time += ms;
    },
    runs: async () => (await readFile(runs, "utf8")).trim().split("\n").length,
  };
}

test("is run once for many requests", async () => {
  const { source, runs } = counting();
  expect(await Promise.all([source(false), source(false)])).toEqual(["token-1", "token-1"]);
  expect(await source(false)).toBe("token-1");
  expect(await runs()).toBe(1);
});

test("is run again when its token was refused, once for all that were refused at that time", async () => {
  const { source, runs } = counting();
  await source(false);
  expect(await Promise.all([source(true), source(true)])).toEqual(["token-2", "token-2"]);
  expect(await source(false)).toBe("token-2");
  expect(await runs()).toBe(2);
});

test("is run again after five minutes", async () => {
  const { source, wait } = counting();
  await source(false);
  wait(5 * 60_000 + 1);
  expect(await source(false)).toBe("token-2");
});

test("may talk to the user", async () => {
  const said: string[] = [];
  const source = createTokenSource({
    command: "echo 'Sign in first' >&2; exit 3",
    now: () => 0,
    talk: (text) => void said.push(text),
  });
  await expect(source(false)).rejects.toMatchObject({
    code: "CREDENTIALS_MISSING",
    message: "The token command gave no token.",
    why: "It ended with exit code 3.",
  });
  expect(said.join("")).toBe("Sign in first\n");
});

test.for([
  ["nothing", "true"],
  ["two lines", "printf 'a\\nb\\n'"],
] as const)("%s is no token", async ([, command]) => {
  const source = createTokenSource({ command, now: () => 0, talk: () => {} });
  await expect(source(false)).rejects.toMatchObject({ why: "It ended without one line of output." });
});
