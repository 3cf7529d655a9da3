import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { s3up, withCredentials } from "../support/built-program.ts";
import { useSandbox } from "../support/running-sandbox.ts";
import { shiftedClock } from "../support/shifted-clock.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const content = randomBytes(21 * 1024 ** 2);
const started = useSandbox({ region: "eu-west-1" });
const directory = useTemporaryDirectory();

beforeEach(async () => {
  started.sandbox.faults.clear();
  await writeFile(join(directory(), "movie.bin"), content);
});

const inOnePut = ["movie.bin", "s3://drop/one", "--multipart-threshold", "1GiB"];
const inParts = ["movie.bin", "s3://drop/parts", "--part-size", "5MiB", "-c", "2"];
const fromStdin = ["-", "s3://drop/streamed", "--part-size", "5MiB"];
const ways: readonly (readonly [string, readonly string[]])[] = [
  ["in one PUT", inOnePut],
  ["in parts", inParts],
  ["from stdin", fromStdin],
];

function put(argv: readonly string[], env: Readonly<Record<string, string>>) {
  return s3up(["put", ...argv, "--no-progress"], { cwd: directory(), env, input: content });
}

describe.each(ways)("an upload %s", (_, argv) => {
  test.for([20, -20])("goes on with S3's time where the clock is %d minutes off", async (minutes) => {
    const ran = await put(argv, { ...withCredentials(started.sandbox), ...shiftedClock(minutes) });
    expect(ran.exitCode, ran.stderr).toBe(0);
  });

  test("follows the bucket into its region, and says so once", async () => {
    const ran = await put(argv, { ...withCredentials(started.sandbox), AWS_REGION: "us-east-2" });
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(ran.stderr.match(/is in eu-west-1, not in us-east-2: going on there\./g)).toHaveLength(1);
    expect(ran.stderr).toContain("Use --region eu-west-1 to begin there.");
  });

  test("follows a redirect that names the region", async () => {
    started.sandbox.faults.add({ kind: "moved", region: "eu-west-1", count: 1 });
    const ran = await put(argv, { ...withCredentials(started.sandbox), AWS_REGION: "eu-central-1" });
    expect(ran.exitCode, ran.stderr).toBe(0);
  });

  test("goes on with fresh credentials where the ones it began with have expired", async () => {
    const profile = await rotatingProfile(started.sandbox.temporaryKeys(new Date(0)), fresh());
    const ran = await put(argv, profile.env);
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(await profile.runs()).toBe(2);
  });
});

test("credentials that expire between two parts are asked for once more, and the next part is signed with them", async () => {
  started.sandbox.faults.add({ kind: "expired-token", operation: "UploadPart", after: 1, count: 1 });
  const profile = await rotatingProfile(fresh(), fresh());
  const ran = await put(inParts, profile.env);
  expect(ran.exitCode, ran.stderr).toBe(0);
  expect(await profile.runs()).toBe(2);
});

test("credentials that stay expired are an error that says so, in finite time", async () => {
  const expired = started.sandbox.temporaryKeys(new Date(0));
  const ran = await put(inParts, (await rotatingProfile(expired, expired)).env);
  expect(ran.exitCode).toBe(4);
  expect(ran.stderr).toContain("expired");
});

test("a clock that S3 goes on complaining about is an error, in finite time", async () => {
  started.sandbox.faults.add({ kind: "skewed", operation: "PutObject", count: Number.POSITIVE_INFINITY });
  const ran = await put(inOnePut, withCredentials(started.sandbox));
  expect(ran.exitCode).toBe(3);
  expect(ran.stderr).toContain("The clock of this machine differs from S3's; S3 allows 15 minutes.");
});

function fresh() {
  return started.sandbox.temporaryKeys(new Date(Date.now() + 3_600_000));
}

type Keys = ReturnType<typeof fresh>;

/** A profile whose credential_process gives the first keys once and the second from then on. */
async function rotatingProfile(first: Keys, second: Keys) {
  const at = (name: string) => join(directory(), name);
  const json = ({ accessKeyId, secretAccessKey, sessionToken }: Keys) =>
    JSON.stringify({
      Version: 1,
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
    });
  await writeFile(at("first.json"), json(first));
  await writeFile(at("second.json"), json(second));
  await writeFile(at("runs"), "");
  await writeFile(
    at("give.mjs"),
    `import { appendFileSync, readFileSync } from "node:fs";
const runs = readFileSync(${JSON.stringify(at("runs"))}, "utf8").length;
appendFileSync(${JSON.stringify(at("runs"))}, "x");
process.stdout.write(readFileSync(runs === 0 ? ${JSON.stringify(at("first.json"))} : ${JSON.stringify(at("second.json"))}));`,
  );
  await writeFile(at("config"), `[profile rotating]\ncredential_process = ${process.execPath} ${at("give.mjs")}\n`);
  const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...env } = withCredentials(started.sandbox);
  return {
    env: { ...env, AWS_CONFIG_FILE: at("config"), AWS_PROFILE: "rotating" },
    runs: async () => (await readFile(at("runs"), "utf8")).length,
  };
}
