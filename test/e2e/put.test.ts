import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Ran, type RunOptions, s3up, withCredentials, withEndpoint } from "../support/built-program.ts";
import { sdkClient, useSandbox } from "../support/running-sandbox.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const MiB = 1024 ** 2;
/** Five parts, the last of one byte. */
const content = randomBytes(32 * MiB + 1);
const proof = `crc32:${base64Crc32(content)}`;

const started = useSandbox();
const directory = useTemporaryDirectory();

let credentials: Readonly<Record<string, string>>;
let endpoint: Readonly<Record<string, string>>;
let file: string;

beforeAll(() => {
  credentials = withCredentials(started.sandbox);
  endpoint = withEndpoint(started.sandbox);
});

beforeEach(async () => {
  file = join(directory(), "movie.bin");
  await writeFile(file, content);
});

async function storedAt(key: string): Promise<Buffer> {
  const { Body } = await sdkClient(started.sandbox).send(new GetObjectCommand({ Bucket: "drop", Key: key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

function resultOf({ stdout }: Ran): { readonly key: string; readonly bytes: string; readonly proof: string } {
  const [address = "", bytes = "", proof = ""] = stdout.trimEnd().split("\t");
  return { key: address.replace("s3://drop/", ""), bytes, proof };
}

describe("a file of several parts arrives whole", () => {
  test.for<[string, readonly string[], () => RunOptions]>([
    ["with credentials", ["movie.bin", "s3://drop/in/"], () => ({ env: credentials })],
    ["through the endpoint, without any credentials", ["movie.bin"], () => ({ env: endpoint })],
    ["from stdin", ["-", "s3://drop/streamed.bin"], () => ({ env: credentials, input: content })],
    ["in one PUT", ["movie.bin", "s3://drop/one", "--multipart-threshold", "1GiB"], () => ({ env: credentials })],
    [
      "with little memory",
      ["movie.bin", "s3://drop/little", "--max-memory", "5MiB", "-c", "2"],
      () => ({ env: credentials }),
    ],
  ])("%s", async ([, argv, options]) => {
    const ran = await s3up(["put", ...argv, "--quiet"], { cwd: directory(), ...options() });
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    const { key, ...facts } = resultOf(ran);
    expect(facts).toEqual({ bytes: String(content.length), proof });
    expect((await storedAt(key)).equals(content)).toBe(true);
  });

  test("by a manifest that was signed before", async () => {
    const signed = await s3up(["presign", "s3://drop/by-manifest", "--multipart", "--file", "movie.bin"], {
      cwd: directory(),
      env: credentials,
      signsToStdout: true,
    });
    expect(signed).toMatchObject({ exitCode: 0, stderr: "" });
    await writeFile(join(directory(), "movie.json"), signed.stdout);
    const ran = await s3up(["put", "movie.bin", "--manifest", "movie.json", "--quiet"], { cwd: directory() });
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await storedAt("by-manifest")).equals(content)).toBe(true);
  });

  test("by a presigned URL", async () => {
    const signed = await s3up(["presign", "s3://drop/by-url", "--file", "movie.bin"], {
      cwd: directory(),
      env: credentials,
      signsToStdout: true,
    });
    const ran = await s3up(["put", "movie.bin", "--quiet"], {
      cwd: directory(),
      env: { S3UP_URL: signed.stdout.trim() },
    });
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await storedAt("by-url")).equals(content)).toBe(true);
  });
});

test.for<[string, readonly string[], string]>([
  [
    "another type than it signs",
    ["a.csv"],
    "The URL was not signed for what was sent: content-length: 5, content-type: text/csv.",
  ],
  [
    "another length than it signs",
    ["long.txt"],
    "The URL was not signed for what was sent: content-length: 11, content-type: text/plain.",
  ],
])("a presigned URL that is sent %s says so and blames no secret key", async ([, argv, why]) => {
  await writeFile(join(directory(), "a.csv"), "alpha");
  await writeFile(join(directory(), "long.txt"), "alpha, beta");
  const bound = ["--content-type", "text/plain", "--content-length", "5"];
  const signed = await s3up(["presign", "s3://drop/strict", ...bound], { env: credentials, signsToStdout: true });
  const env = { S3UP_URL: signed.stdout.trim() };
  const ran = await s3up(["put", ...argv, "--quiet"], { cwd: directory(), env });
  expect(ran).toMatchObject({ exitCode: 4, stdout: "" });
  expect(ran.stderr.split("\n")).toEqual([
    "Error: S3 refused PutObject on s3://drop/strict.",
    `  ${why}`,
    "  Send the very file that it was signed for, with --content-type as it was signed; `s3up explain` shows what it binds.",
    "",
  ]);
  const right = await s3up(["put", "a.csv", "--content-type", "text/plain", "--quiet"], { cwd: directory(), env });
  expect(right).toMatchObject({ exitCode: 0, stderr: "" });
});

describe("what is told", () => {
  test("to a log: a line at the start, one at the end", async () => {
    const { stderr } = await s3up(["put", "movie.bin", "s3://drop/log"], { cwd: directory(), env: credentials });
    expect(stderr).toMatch(
      /^Uploading movie\.bin \(32 MiB\) to s3:\/\/drop\/log in 5 parts of 8 MiB\nStored 32 MiB in [\d.]+s, [\d.]+ [KMG]iB\/s\n$/,
    );
  });

  test("to a program: JSON Lines, the first with the version", async () => {
    const { stdout, stderr } = await s3up(["put", "movie.bin", "s3://drop/json", "--json"], {
      cwd: directory(),
      env: credentials,
    });
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(stderr).toBe("");
    expect(lines[0]).toEqual({
      v: 1,
      type: "start",
      path: "movie.bin",
      destination: "s3://drop/json",
      size: content.length,
      kind: "multipart",
      partSize: 8 * MiB,
      parts: 5,
    });
    expect(lines.at(-3)).toMatchObject({ type: "progress", sentBytes: content.length, doneParts: 5 });
    expect(lines.at(-1)).toEqual({ type: "summary", stored: 1, failed: 0, bytes: content.length });
    expect(lines.at(-2)).toMatchObject({
      type: "result",
      bucket: "drop",
      key: "json",
      checksum: { algorithm: "CRC32" },
    });
    expect(lines.slice(1).every((line) => !("v" in line))).toBe(true);
  });

  test("of stdin: where it goes, before its first byte does", async () => {
    const options = { env: credentials, input: "from a pipe" };
    const { stdout } = await s3up(["put", "-", "s3://drop/piped", "--json", "--no-progress"], options);
    const [start, result, summary] = stdout.split("\n").map((line) => (line === "" ? undefined : JSON.parse(line)));
    expect(start).toEqual({
      v: 1,
      type: "start",
      path: "-",
      destination: "s3://drop/piped",
      kind: "stream",
      partSize: 8 * MiB,
    });
    expect(result).toMatchObject({ type: "result", path: "-", key: "piped", size: 11 });
    expect(summary).toEqual({ type: "summary", stored: 1, failed: 0, bytes: 11 });
    const spoken = await s3up(["put", "-", "s3://drop/piped"], options);
    expect(spoken.stderr).toMatch(/^Uploading what comes from stdin to s3:\/\/drop\/piped in parts of 8 MiB\nStored/);
  });

  test("of several files: each result, each failure, and the sum", async () => {
    await writeFile(join(directory(), "a.txt"), "alpha");
    await writeFile(join(directory(), "b.txt"), "beta");
    const ran = await s3up(["put", "a.txt", "none.txt", "b.txt", "s3://drop/many/"], {
      cwd: directory(),
      env: credentials,
    });
    expect(ran.exitCode).toBe(2);
    // Side by side, so in the order in which they are done.
    expect(
      ran.stdout
        .split("\n")
        .map((line) => line.split("\t")[0])
        .sort(),
    ).toEqual(["", "s3://drop/many/a.txt", "s3://drop/many/b.txt"]);
    expect(ran.stderr).toContain("none.txt: There is no file none.txt.\n");
    expect(ran.stderr).toMatch(/2 files stored, 9 B; 1 file failed\n {2}none.txt: There is no file none.txt.\n$/);
  });

  test("beforehand: parts, requests and memory, with nothing sent", async () => {
    const before = started.sandbox.requests().length;
    const { stdout } = await s3up(["put", "movie.bin", "s3://drop/dry", "--dry-run"], {
      cwd: directory(),
      env: credentials,
    });
    expect(stdout).toContain("  parts     5 of 8 MiB\n  requests  7\n");
    expect(started.sandbox.requests()).toHaveLength(before);
  });
});

test("what was said about the object is stored with it", async () => {
  await writeFile(join(directory(), "page.txt"), "hello");
  const flags = [
    "--content-type",
    "text/csv",
    "--cache-control",
    "no-store",
    "--metadata",
    "a=1",
    "--verify",
    "--quiet",
  ];
  const ran = await s3up(["put", "page.txt", "s3://drop/page", ...flags], { cwd: directory(), env: credentials });
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
  const { ContentType, CacheControl, Metadata } = await sdkClient(started.sandbox).send(
    new GetObjectCommand({ Bucket: "drop", Key: "page" }),
  );
  expect({ ContentType, CacheControl, Metadata }).toEqual({
    ContentType: "text/csv",
    CacheControl: "no-store",
    Metadata: { a: "1" },
  });
});

test("the s3 block of the AWS config file says how parts are cut", async () => {
  const config = join(directory(), "aws-config");
  await writeFile(config, "[profile dev]\ns3 =\n  multipart_threshold = 8MB\n  multipart_chunksize = 8MB\n");
  const { stdout } = await s3up(["put", "movie.bin", "s3://drop/dry", "--dry-run", "--profile", "dev"], {
    cwd: directory(),
    env: { ...credentials, AWS_CONFIG_FILE: config },
  });
  expect(stdout).toContain("  parts     5 of 8 MiB\n");
});

test("settings of a config file hold for the directories below it", async () => {
  await writeFile(
    join(directory(), "s3up.config.json"),
    JSON.stringify({ endpoint: started.sandbox.presign, quiet: true }),
  );
  const ran = await s3up(["put", file], { cwd: directory() });
  expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
});

test("a retry after a fault is told and does no harm", async () => {
  started.sandbox.faults.add({ kind: "status-500", operation: "UploadPart", parts: [2] });
  const ran = await s3up(["put", "movie.bin", "s3://drop/retried"], { cwd: directory(), env: credentials });
  started.sandbox.faults.clear();
  expect(ran.exitCode).toBe(0);
  expect(ran.stderr).toContain("Part 2 failed (500 InternalError), try 2 follows");
  expect((await storedAt("retried")).equals(await readFile(file))).toBe(true);
});

function base64Crc32(bytes: Uint8Array): string {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(bytes));
  return value.toString("base64");
}
