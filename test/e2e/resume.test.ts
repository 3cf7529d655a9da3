/** The built program, killed in the middle and run again: what it re-uses, what it says, and what is stored in the end. */
import { randomBytes } from "node:crypto";
import { readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  AbortMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
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
  started.sandbox.faults.add({ kind: "bandwidth", operation: "UploadPart", bytesPerSecond: 14 * MiB });
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

describe("what is at S3 is used again", () => {
  const [argv, env] = [["put", "movie.bin", "s3://drop/movie", "--part-size", "5MiB"], () => envFor("credentials")];
  const rerun = (more: readonly string[] = [], changes: Readonly<Record<string, string>> = {}) =>
    s3up([...argv, ...more, "--json"], { cwd: directory(), env: { ...env(), ...changes } });
  const isStored = async (bytes = content) => (await storedAt("movie")).equals(bytes);

  test("after Ctrl-C, which says how to go on and how to remove it", async () => {
    const ran = await stopped(argv, env(), "SIGINT");
    const error = find(ran, "error");
    const [{ UploadId = "" } = {}] = await openUploads();
    expect(ran.exitCode).toBe(130);
    expect(error).toMatchObject({ code: "INTERRUPTED", exitCode: 130 });
    expect(error?.why).toMatch(/^Ctrl-C was pressed\. \d of 8 parts are at S3 and kept there\.$/);
    expect(error?.hint).toBe(
      [
        "Go on with `s3up put movie.bin s3://drop/movie --part-size 5MiB --json --concurrency 2`;",
        `remove what is there with \`s3up uploads abort s3://drop/movie --upload-id ${UploadId}\`.`,
      ].join(" "),
    );
    expect(await rerun()).toMatchObject({ exitCode: 0 });
    expect(await isStored()).toBe(true);
  });

  test("after a failure, with exit code 5 and its cause", async () => {
    started.sandbox.faults.add({ kind: "status-500", operation: "UploadPart", parts: [4], count: 99 });
    const ran = await rerun(["--max-attempts", "2"]);
    started.sandbox.faults.clear();
    expect(ran.exitCode).toBe(5);
    const error = find(ran, "error");
    expect(error).toMatchObject({ code: "UPLOAD_INCOMPLETE", message: "Part 4 could not be sent in 2 tries." });
    expect(error?.why).toMatch(/InternalError.* parts? (are|is) at S3 and kept there\.$/);
    expect(find(ran, "kept")).toMatchObject({ bucket: "drop", key: "movie", partCount: 8 });
    expect(await rerun()).toMatchObject({ exitCode: 0 });
    expect(await isStored()).toBe(true);
  });

  test("without a journal, by the upload's id, from another machine", async () => {
    await stopped(argv, env());
    const [{ UploadId = "" } = {}] = await openUploads();
    const elsewhere = { XDG_STATE_HOME: join(directory(), "elsewhere") };
    const ran = await s3up(["put", "movie.bin", "s3://drop/movie", "--upload-id", UploadId, "--json"], {
      cwd: directory(),
      env: { ...env(), ...elsewhere },
    });
    expect(ran, ran.stdout).toMatchObject({ exitCode: 0 });
    expect(find(ran, "resume")).toMatchObject({ uploadId: UploadId, partCount: 8 });
    expect(await isStored()).toBe(true);
  });

  test("but a part that is not what the file holds is sent again", async () => {
    await stopped(argv, env());
    const [{ UploadId = "" } = {}] = await openUploads();
    const client = sdkClient(started.sandbox);
    const other = { Bucket: "drop", Key: "movie", UploadId, PartNumber: 1, ChecksumAlgorithm: "CRC32" } as const;
    await client.send(new UploadPartCommand({ ...other, Body: randomBytes(5 * MiB) }));
    const ran = await rerun();
    expect(ran.exitCode).toBe(0);
    expect(find(ran, "part-differs")).toMatchObject({ partNumber: 1 });
    expect(await isStored()).toBe(true);
  });

  test.for<[string, string, (file: string) => Promise<Buffer<ArrayBuffer>>]>([
    [
      "was written to",
      "file-time",
      async (file) => {
        await utimes(file, 1, 1);
        return content;
      },
    ],
    [
      "has another size",
      "file-size",
      async (file) => {
        await writeFile(file, content.subarray(7));
        return content.subarray(7);
      },
    ],
  ])("but not when the file %s", async ([, reason, change]) => {
    await stopped(argv, env());
    const [{ UploadId } = {}] = await openUploads();
    const now = await change(join(directory(), "movie.bin"));
    const ran = await rerun();
    expect(ran.exitCode).toBe(0);
    expect(find(ran, "restart")).toMatchObject({ reason, uploadId: UploadId });
    expect(find(ran, "aborted")).toMatchObject({ uploadId: UploadId, clean: true });
    expect(await isStored(now)).toBe(true);
    expect(await openUploads()).toEqual([]);
  });

  test.for<[string, readonly string[], string]>([
    ["with --restart", ["--restart"], "asked"],
    ["with another content type", ["--content-type", "text/plain"], "wish"],
    ["with parts of another size", ["--part-size", "6MiB"], "part-size"],
  ])("but not %s", async ([, more, reason]) => {
    await stopped(argv, env());
    const ran = await rerun(more);
    expect(find(ran, "restart")).toMatchObject({ reason });
    expect(ran.exitCode).toBe(0);
    expect(await isStored()).toBe(true);
    expect(await openUploads()).toEqual([]);
  });

  test("with the part size of the first run where none is asked for", async () => {
    await stopped(argv, env());
    const ran = await s3up(["put", "movie.bin", "s3://drop/movie", "--json"], { cwd: directory(), env: env() });
    expect(find(ran, "resume")).toMatchObject({ partCount: 8 });
    expect(await isStored()).toBe(true);
  });

  test("but not when somebody aborted it meanwhile", async () => {
    await stopped(argv, env());
    const [{ UploadId } = {}] = await openUploads();
    await sdkClient(started.sandbox).send(new AbortMultipartUploadCommand({ Bucket: "drop", Key: "movie", UploadId }));
    const ran = await rerun();
    expect(find(ran, "restart")).toMatchObject({ reason: "gone" });
    expect(ran.exitCode).toBe(0);
    expect(await isStored()).toBe(true);
  });

  test("and one that was stored before its run was killed is found to be", async () => {
    started.sandbox.faults.add({ kind: "lost-answer", operation: "CompleteMultipartUpload", count: 99 });
    started.sandbox.faults.add({ kind: "latency", operation: "ListParts", milliseconds: 3_600_000 });
    await s3up([...argv, "--json"], {
      cwd: directory(),
      env: env(),
      onStart: (child) => {
        const isLost = () => started.sandbox.faults.fired().some(({ kind }) => kind === "latency");
        const watch = setInterval(() => isLost() && child.kill("SIGKILL"), 20);
        child.once("close", () => clearInterval(watch));
      },
    });
    started.sandbox.faults.clear();
    const ran = await rerun();
    expect(find(ran, "found-stored"), ran.stdout).toMatchObject({ key: "movie" });
    expect(find(ran, "result")).toMatchObject({ bucket: "drop", key: "movie", size: content.length });
    expect(ran.exitCode).toBe(0);
  });

  test("only by one process at a time", async () => {
    started.sandbox.faults.add({ kind: "bandwidth", operation: "UploadPart", bytesPerSecond: 4 * MiB });
    let second: Promise<Ran> | undefined;
    let pid: number | undefined;
    const first = await s3up([...argv, "--json"], {
      cwd: directory(),
      env: env(),
      onStart: (child) => {
        pid = child.pid;
        child.stdout?.on("data", (chunk: string) => {
          if (second !== undefined || !chunk.includes('"progress"')) return;
          // The first one is slow until the second has met it.
          second = rerun().finally(() => started.sandbox.faults.clear());
        });
      },
    });
    expect(first.exitCode).toBe(0);
    const ran = (await second) as Ran;
    expect(ran.exitCode).toBe(3);
    expect(find(ran, "error")).toMatchObject({
      code: "UPLOAD_BUSY",
      why: `Process ${pid} works on the same upload.`,
    });
  });

  test("never with --no-resume, which saves nothing and leaves nothing", async () => {
    const ran = await stopped([...argv, "--no-resume"], env(), "SIGTERM");
    expect(ran.exitCode).toBe(143);
    expect(find(ran, "aborted")).toMatchObject({ clean: true });
    expect(await openUploads()).toEqual([]);
    await expect(readdir(state())).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("never where nothing can be saved, and the upload is stored all the same", async () => {
    await writeFile(state(), "in the way");
    const ran = await rerun();
    expect(ran.exitCode).toBe(0);
    expect(find(ran, "warning")?.message).toMatch(/^Nothing can be saved to resume this upload later: /);
    expect(await isStored()).toBe(true);
  });
});

test.for<Mode>(["endpoint", "manifest"])("an upload with %s is removed without any AWS credentials", async (mode) => {
  const ran = await stopped(await argvFor(mode), envFor(mode), "SIGINT");
  const [, command = ""] = /remove what is there with `s3up ([^`]+)`/.exec(String(find(ran, "error")?.hint)) ?? [];
  const listed = await s3up(["uploads", "list", "--json"], { cwd: directory(), env: envFor(mode) });
  expect(find(listed, "upload")).toMatchObject({ bucket: "drop", file: join(directory(), "movie.bin") });

  const aborted = await s3up([...command.split(" "), "--json"], { cwd: directory(), env: envFor(mode) });
  expect(aborted, aborted.stdout + aborted.stderr).toMatchObject({ exitCode: 0 });
  expect(await openUploads()).toEqual([]);
  expect(await readdir(join(state(), "s3up"))).toEqual([]);
});

describe("through an endpoint", () => {
  test("a token goes into no command that is shown", async () => {
    const argv = await argvFor("endpoint");
    const ran = await stopped([...argv, "--token", "very-secret"], envFor("endpoint"), "SIGINT");
    expect(ran.stdout).not.toContain("very-secret");
    expect(find(ran, "error")?.hint).toMatch(/^Go on with `S3UP_TOKEN="\$S3UP_TOKEN" s3up put movie\.bin --part-size/);
  });
});
