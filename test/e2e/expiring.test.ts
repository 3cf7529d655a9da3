/** The built program, told that what lets it send will end before the bytes have left. */
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { s3up, withCredentials } from "../support/built-program.ts";
import { useSandbox } from "../support/running-sandbox.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const MiB = 1024 ** 2;
const started = useSandbox();
const directory = useTemporaryDirectory();

beforeEach(async () => {
  started.sandbox.faults.clear();
  await writeFile(join(directory(), "movie.bin"), randomBytes(12 * MiB));
});

function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}, signsToStdout = false) {
  return s3up(argv, { cwd: directory(), env: { ...withCredentials(started.sandbox), ...env }, signsToStdout });
}

/** A minute at this rate would be too long for a test: after the first bytes the connection is cut. */
const slow = ["--bwlimit", "200KiB", "--part-size", "5MiB", "--multipart-threshold", "5MiB", "--max-attempts", "1"];

function cutSoon(): void {
  started.sandbox.faults.add({ kind: "reset-after", operation: "UploadPart", bytes: 64 * 1024, count: 99 });
}

function keysUntil(seconds: number) {
  const end = new Date(Date.now() + seconds * 1000);
  const keys = started.sandbox.temporaryKeys(new Date(Date.now() + 3_600_000));
  return {
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
    AWS_CREDENTIAL_EXPIRATION: end.toISOString(),
  };
}

test("credentials of the environment that end too early are a warning with what to do", async () => {
  cutSoon();
  const ran = await run(["put", "movie.bin", "s3://drop/warned", ...slow], keysUntil(30));
  expect(ran.stderr).toMatch(
    /The AWS credentials in the environment are good for .* more, and what is left takes about /,
  );
  expect(ran.stderr.match(/are good for/g)).toHaveLength(1);
  expect(ran.stderr).toContain("export fresh ones then and run the same command again: it goes on.");
});

test("and those that last are none", async () => {
  cutSoon();
  const ran = await run(["put", "movie.bin", "s3://drop/quiet", ...slow], keysUntil(3600));
  expect(ran.stderr).not.toContain("good for");
});

test("a machine reads it as a line of its own", async () => {
  cutSoon();
  const ran = await run(["put", "movie.bin", "s3://drop/json", "--json", ...slow], keysUntil(30));
  expect(ran.stdout).toContain('"type":"expiring","path":"movie.bin","of":"credentials"');
});

test("a manifest that expires before the limit lets the file leave is refused, and nothing of it is sent", async () => {
  const signed = await run(
    ["presign", "s3://drop/late", "--multipart", "--file", "movie.bin", "--part-size", "5MiB", "--expires-in", "60"],
    {},
    true,
  );
  await writeFile(join(directory(), "movie.json"), signed.stdout);
  const before = started.sandbox.requests().length;
  const ran = await run(["put", "movie.bin", "--manifest", "movie.json", "--bwlimit", "100KiB"]);
  expect(ran.exitCode).not.toBe(0);
  expect(ran.stderr).toContain("The manifest expires before the bandwidth limit lets all of the file leave.");
  expect(ran.stderr).toContain("Raise --bwlimit");
  const sent = started.sandbox.requests().slice(before);
  expect(sent.filter(({ operation }) => operation === "UploadPart")).toEqual([]);
});
