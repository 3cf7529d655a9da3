/** The built program, killed in the middle and run again: what it re-uses, what it says, and what is stored in the end. */
import { randomBytes } from "node:crypto";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AbortMultipartUploadCommand, GetObjectCommand, ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Ran, s3up, withCredentials, withEndpoint } from "../support/built-program.ts";
import { sdkClient, useSandbox } from "../support/running-sandbox.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const MiB = 1024 ** 2;
/** Eight parts of 5 MiB. */
const content = randomBytes(38 * MiB + 5);
const started = useSandbox();
const directory = useTemporaryDirectory();

type Mode = "credentials" | "endpoint" | "manifest";
type Line = Readonly<Record<string, unknown>> & { readonly type: string };

beforeEach(async () => {
  await writeFile(join(directory(), "movie.bin"), content);
});

afterEach(async () => {
  started.sandbox.faults.clear();
  const client = sdkClient(started.sandbox);
  for (const { Key, UploadId } of await openUploads()) {
    await client.send(new AbortMultipartUploadCommand({ Bucket: "drop", Key, UploadId }));
  }
});

async function openUploads() {
  const { Uploads } = await sdkClient(started.sandbox).send(new ListMultipartUploadsCommand({ Bucket: "drop" }));
  return Uploads ?? [];
}

async function storedAt(key: string): Promise<Buffer> {
  const { Body } = await sdkClient(started.sandbox).send(new GetObjectCommand({ Bucket: "drop", Key: key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

const state = () => join(directory(), "state");

function envFor(mode: Mode): Readonly<Record<string, string>> {
  const base = {
    credentials: () => withCredentials(started.sandbox),
    endpoint: () => withEndpoint(started.sandbox),
    manifest: () => ({}),
  }[mode]();
  return { ...base, XDG_STATE_HOME: state() };
}

async function argvFor(mode: Mode): Promise<readonly string[]> {
  if (mode === "credentials") return ["put", "movie.bin", "s3://drop/movie", "--part-size", "5MiB"];
  if (mode === "endpoint") return ["put", "movie.bin", "--part-size", "5MiB"];
  const signed = await s3up(
    ["presign", "s3://drop/movie", "--multipart", "--file", "movie.bin", "--part-size", "5MiB"],
    { cwd: directory(), env: withCredentials(started.sandbox), signsToStdout: true },
  );
  await writeFile(join(directory(), "movie.json"), signed.stdout);
  return ["put", "movie.bin", "--manifest", "movie.json"];
}

function linesOf({ stdout }: Ran): readonly Line[] {
  const lines = stdout.split("\n").filter((text) => text.endsWith("}"));
  return lines.map((text) => JSON.parse(text));
}

const find = (ran: Ran, type: string): Line | undefined => linesOf(ran).find((line) => line.type === type);

/** Runs until three parts are at S3, and then sends the signal. */
async function stopped(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  signal: NodeJS.Signals = "SIGKILL",
): Promise<Ran> {
  started.sandbox.faults.add({ kind: "bandwidth", operation: "UploadPart", bytesPerSecond: 8 * MiB });
  const ran = await s3up([...argv, "--json", "--concurrency", "2"], {
    cwd: directory(),
    env,
    onStart: (child) => {
      let seen = "";
      let isSent = false;
      child.stdout?.on("data", (chunk: string) => {
        seen += chunk;
        if (isSent || !/"doneParts":[3-9]/.test(seen)) return;
        isSent = true;
        child.kill(signal);
      });
    },
  });
  started.sandbox.faults.clear();
  return ran;
}

describe.for<Mode>(["credentials", "endpoint", "manifest"])("with %s", (mode) => {
  test("an upload that was killed goes on by itself, and what is stored is the file", async () => {
    const [argv, env] = [await argvFor(mode), envFor(mode)];
    await stopped(argv, env);
    expect(await openUploads()).toHaveLength(1);

    const again = await s3up([...argv, "--json"], { cwd: directory(), env });
    expect(again, again.stdout).toMatchObject({ exitCode: 0 });
    const resumed = find(again, "resume");
    expect(resumed).toMatchObject({ partCount: 8, totalBytes: content.length });
    expect(resumed?.parts).toBeGreaterThanOrEqual(3);
    const result = find(again, "result");
    expect(result?.size).toBe(content.length);
    expect((await storedAt(String(result?.key))).equals(content)).toBe(true);
    expect(await openUploads()).toEqual([]);
    expect(await readdir(join(state(), "s3up"))).toEqual([]);
  });
});
