import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { s3up, withCredentials, withEndpoint } from "../support/built-program.ts";
import { sdkClient, useSandbox } from "../support/running-sandbox.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const MiB = 1024 ** 2;
const content = randomBytes(24 * MiB);
const started = useSandbox({ faults: [{ kind: "bandwidth", operation: "UploadPart", bytesPerSecond: 2 * MiB }] });
const directory = useTemporaryDirectory();

async function openUploads(): Promise<number> {
  const { Uploads } = await sdkClient(started.sandbox).send(new ListMultipartUploadsCommand({ Bucket: "drop" }));
  return Uploads?.length ?? 0;
}

/** Sends the signal when the first progress is told. */
function interrupted(
  argv: readonly string[],
  signal: NodeJS.Signals,
  env: Readonly<Record<string, string>>,
  input?: Uint8Array,
) {
  return s3up(["put", ...argv, "--json", "--part-size", "5MiB", "--on-failure", "abort"], {
    cwd: directory(),
    env,
    ...(input === undefined ? {} : { input }),
    onStart: (child) => {
      let isSent = false;
      child.stdout?.on("data", (chunk: string) => {
        if (isSent || !chunk.includes('"progress"')) return;
        isSent = true;
        child.kill(signal);
      });
    },
  });
}

describe("an upload that is stopped leaves nothing at S3, where that is wished", () => {
  test.for<[string, readonly string[], NodeJS.Signals, number, "credentials" | "endpoint"]>([
    ["Ctrl-C with credentials", ["movie.bin", "s3://drop/movie"], "SIGINT", 130, "credentials"],
    ["Ctrl-C through the endpoint", ["movie.bin"], "SIGINT", 130, "endpoint"],
    ["SIGTERM", ["movie.bin", "s3://drop/movie"], "SIGTERM", 143, "credentials"],
    ["Ctrl-C while stdin is sent", ["-", "s3://drop/stream"], "SIGINT", 130, "credentials"],
  ])("%s", async ([, argv, signal, exitCode, way]) => {
    await writeFile(join(directory(), "movie.bin"), content);
    const env = way === "credentials" ? withCredentials(started.sandbox) : withEndpoint(started.sandbox);
    const ran = await interrupted(argv, signal, env, argv[0] === "-" ? content : undefined);
    const lines = ran.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(ran.exitCode, ran.stdout).toBe(exitCode);
    expect(lines.at(-1)).toMatchObject({
      type: "error",
      exitCode,
      code: exitCode === 130 ? "INTERRUPTED" : "TERMINATED",
    });
    expect(lines.find(({ type }) => type === "aborted")).toMatchObject({ clean: true });
    expect(await openUploads()).toBe(0);
  });
});

test("a second Ctrl-C does not wait for S3", async () => {
  started.sandbox.faults.add({ kind: "latency", operation: "AbortMultipartUpload", milliseconds: 3_600_000 });
  await writeFile(join(directory(), "movie.bin"), content);
  const ran = await s3up(["put", "movie.bin", "s3://drop/left", "--json", "--part-size", "5MiB", "--no-resume"], {
    cwd: directory(),
    env: withCredentials(started.sandbox),
    onStart: (child) => {
      child.stdout?.once("data", () => child.kill("SIGINT"));
      const isAborting = () =>
        started.sandbox.faults.fired().some(({ operation }) => operation === "AbortMultipartUpload");
      const watch = setInterval(() => isAborting() && child.kill("SIGINT"), 20);
      child.once("close", () => clearInterval(watch));
    },
  });
  expect(ran.exitCode).toBe(130);
  expect(ran.stdout).not.toContain('"type":"aborted"');
});
