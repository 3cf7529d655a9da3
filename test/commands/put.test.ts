import { describe, expect, test } from "vitest";
import { type PutOptions, putCommand, runPut } from "../../src/commands/put.ts";
import { S3upError } from "../../src/errors.ts";
import { EXIT, type ExitCode } from "../../src/exit-codes.ts";
import { runProgram } from "../../src/program.ts";
import { optionsOf as optionsOfLine } from "../support/command-line.ts";
import { type RuntimeChanges, testRuntime } from "../support/command-runtime.ts";
import { fakeS3, fakeSender, type SentRequest } from "../support/fake-s3-access.ts";

const MiB = 1024 ** 2;

const optionsOf = (line: string, environment: Readonly<Record<string, string>> = {}) =>
  optionsOfLine<PutOptions>(putCommand, line, { environment });

describe("argv -> options", () => {
  test("a file and an address are enough", async () => {
    expect(await optionsOf("movie.mp4 s3://drop/movies/")).toEqual({
      files: ["movie.mp4"],
      selection: { recursive: false, filesFrom: undefined, symlinks: "files", filters: [] },
      jobs: "auto",
      stopOnError: false,
      deleteSource: false,
      target: {
        via: "credentials",
        address: { bucket: "drop", key: "movies/" },
        aws: {
          profile: undefined,
          region: undefined,
          endpointUrl: undefined,
          pathStyle: undefined,
          signRequests: true,
          maxAttempts: undefined,
          connectTimeoutMs: undefined,
          bucket: "drop",
        },
        object: {},
        noOverwrite: false,
      },
      contentType: undefined,
      wishes: { partSize: undefined, multipartThreshold: undefined },
      checksum: undefined,
      concurrency: undefined,
      maxMemory: 256 * MiB,
      maxAttempts: 6,
      stallTimeoutMs: 30_000,
      connectTimeoutMs: 5000,
      verify: false,
      dryRun: false,
      profile: undefined,
      resume: {
        restart: false,
        uploadId: undefined,
        onFailure: "keep",
        commands: { resume: "s3up put movie.mp4 s3://drop/movies/", abort: expect.any(Function) },
      },
      report: { format: "human", quiet: false, progress: true, color: undefined },
    });
  });

  test.for<[string, object]>([
    ["--part-size 8MiB --multipart-threshold 64MiB", { wishes: { partSize: 8 * MiB, multipartThreshold: 64 * MiB } }],
    ["--part-size 5MiB", { wishes: { partSize: 5 * MiB } }],
    ["-c 3", { concurrency: 3 }],
    ["--concurrency auto", { concurrency: "auto" }],
    ["--max-memory 64MiB", { maxMemory: 64 * MiB }],
    ["--checksum sha256", { checksum: "sha256" }],
    ["--dry-run", { dryRun: true }],
    ["--dryrun", { dryRun: true }],
    ["--verify", { verify: true }],
    ["--stall-timeout 10s --connect-timeout 1s", { stallTimeoutMs: 10_000, connectTimeoutMs: 1000 }],
    ["--max-attempts 2", { maxAttempts: 2, target: { aws: { maxAttempts: 2 } } }],
    ["--no-overwrite", { target: { noOverwrite: true } }],
    ["--no-sign-request --path-style", { target: { aws: { signRequests: false, pathStyle: true } } }],
    ["--profile dev --region eu-central-1", { target: { aws: { profile: "dev", region: "eu-central-1" } } }],
    ["--endpoint-url http://127.0.0.1:9000", { target: { aws: { endpointUrl: "http://127.0.0.1:9000" } } }],
    ["--content-type text/csv", { contentType: "text/csv" }],
    [
      "--metadata a=1 --metadata b=2 --tag c=3",
      { target: { object: { metadata: { a: "1", b: "2" }, tags: { c: "3" } } } },
    ],
    ["--storage-class standard_ia", { target: { object: { storageClass: "STANDARD_IA" } } }],
    ["--sse aws:kms --sse-kms-key-id k", { target: { object: { encryption: { kind: "aws:kms", keyId: "k" } } } }],
    ["--json --quiet --no-progress", { report: { format: "json", quiet: true, progress: false } }],
  ])("put f s3://drop/k %s", async ([flags, options]) => {
    expect(await optionsOf(`f s3://drop/k ${flags}`)).toMatchObject(options);
  });

  test.for<[string, Readonly<Record<string, string>>, object]>([
    [
      "f --endpoint https://e.test/presign",
      {},
      { via: "endpoint", endpoint: { url: "https://e.test/presign", auth: { kind: "none" } } },
    ],
    ["f", { S3UP_ENDPOINT: "https://e.test/presign" }, { via: "endpoint" }],
    [
      "f",
      { S3UP_ENDPOINT: "https://e.test/p", S3UP_TOKEN: "t" },
      { endpoint: { auth: { kind: "token", token: "t" } } },
    ],
    [
      "f --token-command get",
      { S3UP_ENDPOINT: "https://e.test/p" },
      { endpoint: { auth: { kind: "token-command", command: "get" } } },
    ],
    [
      "f --auth iam --region r",
      { S3UP_ENDPOINT: "https://e.test/p" },
      { endpoint: { auth: { kind: "iam", region: "r" } } },
    ],
    ["f s3://drop/k", { S3UP_ENDPOINT: "https://e.test/presign" }, { via: "credentials" }],
    [
      "f --url https://u.test/k?a=b",
      { S3UP_ENDPOINT: "https://e.test/presign" },
      { via: "url", url: "https://u.test/k?a=b" },
    ],
    ["f", { S3UP_URL: "https://u.test/k?a=b" }, { via: "url" }],
    ["f --manifest m.json", {}, { via: "manifest", path: "m.json" }],
  ])("put %s with %j", async ([line, environment, target]) => {
    expect((await optionsOf(line, environment)).target).toMatchObject(target);
  });
});

describe("what does not fit together is refused", () => {
  test.for<[string, string]>([
    ["f", "It is not said where the upload goes."],
    ["s3://drop/k", "No file is named."],
    ["f s3://", '"s3://" names no bucket.'],
    ["f s3://a/k s3://b/k", "s3://a/k stands among the files."],
    ["a b s3://drop/k", "2 files cannot all become s3://drop/k."],
    ["f s3://drop/k --endpoint https://e.test/presign", "an s3:// address and --endpoint cannot be used together."],
    ["f --endpoint https://e.test/p --url https://u.test/k", "--endpoint and --url cannot be used together."],
    ["f --endpoint https://e.test/p --storage-class STANDARD_IA", "--storage-class cannot be used with --endpoint."],
    ["f --endpoint https://e.test/p --endpoint-url http://x.test", "--endpoint-url cannot be used with --endpoint."],
    ["f --endpoint https://e.test/p --no-overwrite", "--no-overwrite cannot be used with --endpoint."],
    ["f --endpoint https://e.test/p --auth token", "--auth token needs a token."],
    ["a b --url https://u.test/k", "--url takes one file, not 2."],
    ["f --url https://u.test/k --part-size 8MiB", "--part-size cannot be used with --url."],
    ["a b --manifest m.json", "--manifest takes one file, not 2."],
    ["f --manifest m.json --content-type a/b", "--content-type cannot be used with --manifest."],
    ["- --endpoint https://e.test/p", "Stdin can only be uploaded with AWS credentials."],
    ["- s3://drop/in/", "s3://drop/in/ needs a key for what comes from stdin."],
    ["- f s3://drop/in/", "s3://drop/in/ needs a key for what comes from stdin."],
    ["f s3://drop/k --sse-kms-key-id k", "--sse-kms-key-id needs --sse aws:kms."],
    [`f s3://drop/${"k".repeat(1025)}`, "The key is too long."],
  ])("put %s", async ([line, message]) => {
    await expect(runProgram(["put", ...line.split(" ")], testRuntime())).rejects.toMatchObject({
      code: "USAGE",
      message,
    });
  });
});

interface Outcome {
  readonly code: ExitCode;
  readonly sent: readonly SentRequest[];
  readonly runtime: ReturnType<typeof testRuntime>;
  readonly s3: ReturnType<typeof fakeS3>;
}

async function put(
  line: string,
  changes: RuntimeChanges = {},
  s3 = fakeS3(),
  status?: (url: string) => number,
): Promise<Outcome> {
  const sent: SentRequest[] = [];
  const runtime = testRuntime({
    files: { "a.txt": "alpha", "dir/b.bin": "beta!!" },
    s3: async () => s3,
    sender: async () => fakeSender(sent, status),
    ...changes,
  });
  return { code: await runPut(await optionsOf(line), runtime), sent, runtime, s3 };
}

describe("a run", () => {
  test("stores a file under the address, with its type and what was said about it", async () => {
    const { code, sent, runtime } = await put("a.txt s3://drop/k --cache-control no-store --no-overwrite");
    expect(code).toBe(EXIT.ok);
    expect(sent).toMatchObject([
      { body: "alpha", headers: { "content-type": "text/plain", "cache-control": "no-store", "if-none-match": "*" } },
    ]);
    expect(runtime.events.map(({ type }) => type)).toEqual([
      "file",
      "preparing",
      "planned",
      ...runtime.events.slice(3, -2).map(({ type }) => type),
      "completed",
      "summary",
    ]);
    expect(runtime.openFiles.size).toBe(0);
  });

  test("adds the file's name to a prefix", async () => {
    const { s3 } = await put("a.txt dir/b.bin s3://drop/in/");
    expect(s3.uploads.map(({ key }) => key)).toEqual(["in/a.txt", "in/b.bin"]);
  });

  test("goes on with the other files when one fails, and ends with the first failure's code", async () => {
    const { code, sent, runtime } = await put("none.txt a.txt gone.txt s3://drop/in/");
    expect(code).toBe(EXIT.usage);
    expect(sent.map(({ body }) => body)).toEqual(["alpha"]);
    expect(runtime.events.filter(({ type }) => type === "failed")).toMatchObject([
      { path: "none.txt" },
      { path: "gone.txt" },
    ]);
    expect(runtime.events.at(-1)).toMatchObject({
      type: "summary",
      stored: 1,
      failed: 2,
      bytes: 5,
      many: { failures: [{ path: "none.txt", message: "There is no file none.txt." }, { path: "gone.txt" }] },
    });
  });

  test("ends with the code of what S3 answered", async () => {
    const status = (url: string) => (url.includes("a.txt") ? 403 : 200);
    const { code, runtime } = await put("a.txt dir/b.bin s3://drop/in/", {}, fakeS3(), status);
    expect(code).toBe(EXIT.denied);
    expect(runtime.events.at(-1)).toMatchObject({ stored: 1, failed: 1 });
  });

  test("of one file throws its failure", async () => {
    await expect(put("none.txt s3://drop/k")).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });

  test("that is interrupted does not begin the next file", async () => {
    const controller = new AbortController();
    const interrupted = new S3upError("INTERRUPTED", "Interrupted.");
    const s3 = fakeS3();
    const sender = async () => ({
      send: async () => {
        controller.abort(interrupted);
        throw interrupted;
      },
      close: () => {},
    });
    await expect(put("a.txt dir/b.bin s3://drop/in/ -j 1", { signal: controller.signal, sender }, s3)).rejects.toBe(
      interrupted,
    );
    expect(s3.uploads).toHaveLength(1);
  });

  test("with --dry-run sends nothing and says what it would come to", async () => {
    const { sent, runtime } = await put("a.txt s3://drop/k --dry-run");
    expect(sent).toEqual([]);
    expect(runtime.events.at(-1)).toEqual({
      type: "dry-run",
      facts: {
        path: "a.txt",
        destination: "s3://drop/k",
        size: 5,
        kind: "single",
        partSize: 5,
        partCount: 1,
        requests: 1,
        memory: 5,
      },
    });
  });

  test("of stdin sends the stream with what was said about it", async () => {
    const { s3 } = await put("- s3://drop/notes.txt --part-size 8MiB -c 2 --metadata a=1", {
      stdinText: "from a pipe",
    });
    expect(s3.streams).toMatchObject([
      {
        bucket: "drop",
        key: "notes.txt",
        content: "from a pipe",
        contentType: "text/plain",
        partSize: 8 * MiB,
        concurrency: 2,
        checksumAlgorithm: "CRC32",
        headers: { "x-amz-meta-a": "1" },
      },
    ]);
  });

  test("of stdin with --dry-run reads nothing", async () => {
    const { s3, runtime } = await put("- s3://drop/k --dry-run");
    expect(s3.streams).toEqual([]);
    expect(runtime.events.at(-1)).toMatchObject({ type: "dry-run", facts: { size: undefined, partSize: 8 * MiB } });
  });
});

describe("the s3 block of the AWS config file", () => {
  const block = {
    multipartThreshold: 6 * MiB,
    partSize: 6 * MiB,
    concurrency: 3,
    checksums: true,
    endpoint: undefined,
  };
  const files = { "big.bin": "x".repeat(13 * MiB), "a.txt": "alpha" };
  const facts = async (line: string, changes: RuntimeChanges = {}) => {
    const { runtime } = await put(`${line} --dry-run`, { files, transferDefaults: async () => block, ...changes });
    return runtime.events.at(-1);
  };

  test.for<[string, string, object]>([
    ["says what the user leaves open", "", { kind: "multipart", partSize: 6 * MiB, partCount: 3 }],
    ["is weaker than a part size that was asked for", "--part-size 8MiB", { partSize: 8 * MiB, partCount: 2 }],
    ["is weaker than a threshold that was asked for", "--multipart-threshold 32MiB", { kind: "single" }],
  ])("%s", async ([, flags, expected]) => {
    expect(await facts(`big.bin s3://drop/k ${flags}`)).toMatchObject({ facts: expected });
  });

  test("with parts that S3 would not take stands for the smallest that it does", async () => {
    const transferDefaults = async () => ({ ...block, partSize: 1024 });
    expect(await facts("big.bin s3://drop/k", { transferDefaults })).toMatchObject({ facts: { partSize: 5 * MiB } });
    expect(await facts("- s3://drop/k", { transferDefaults })).toMatchObject({ facts: { partSize: 5 * MiB } });
  });

  test("and a wish for no checksums are weaker than a checksum that was asked for", async () => {
    const transferDefaults = async () => ({ ...block, checksums: false });
    const algorithmOf = async (flags: string) => {
      const { s3 } = await put(`- s3://drop/k ${flags}`, { stdinText: "x", transferDefaults });
      return s3.streams[0]?.checksumAlgorithm;
    };
    expect([await algorithmOf(""), await algorithmOf("--checksum sha256")]).toEqual([undefined, "SHA256"]);
  });

  test("limits the requests at a time, and comes from the profile that was named", async () => {
    const asked: unknown[] = [];
    const sender: RuntimeChanges["sender"] = async ({ connections, profile }) => {
      asked.push({ connections, profile });
      return { send: async () => ({ status: 500, headers: {}, body: "" }), close: () => {} };
    };
    const transferDefaults: RuntimeChanges["transferDefaults"] = async ({ profile }) => ({
      ...block,
      concurrency: profile === "dev" ? 3 : 99,
    });
    await facts("a.txt s3://drop/k --profile dev", { sender, transferDefaults });
    await facts("a.txt s3://drop/k --profile dev -c 5", { sender, transferDefaults });
    expect(asked).toEqual([
      { connections: 3, profile: "dev" },
      { connections: 5, profile: "dev" },
    ]);
  });
});

describe("--verify", () => {
  const stored = { bucket: "drop", key: "k", size: 5, etag: '"1"' };
  test.for<[string, typeof stored | undefined, string | undefined]>([
    ["finds what was stored", stored, undefined],
    ["finds nothing", undefined, "S3 has no object under this key."],
    ["finds another size", { ...stored, size: 6 }, "It has 6 bytes; 5 were sent."],
    ["finds another ETag", { ...stored, etag: '"2"' }, 'Its ETag is "2"; the upload was confirmed with "1".'],
  ])("%s", async ([, found, why]) => {
    const s3 = fakeS3();
    s3.found = found;
    const run = put("a.txt s3://drop/k --verify", {}, s3);
    if (why === undefined) expect((await run).runtime.events).toContainEqual({ type: "verified", object: found });
    else await expect(run).rejects.toMatchObject({ code: "CHECKSUM_MISMATCH", why });
  });
});

test("a manifest of another file is refused before anything is sent", async () => {
  const signed = { method: "PUT", url: "https://drop.s3.test/k?uploadId=u", headers: {}, expiresIn: 60 };
  const manifest = {
    v: 1,
    type: "s3up-manifest",
    bucket: "drop",
    key: "k",
    uploadId: "u",
    file: { name: "movie.mp4", size: 7, contentType: "video/mp4" },
    partSize: 7,
    parts: [{ ...signed, partNumber: 1, contentLength: 7 }],
    complete: signed,
    abort: signed,
    list: [signed],
    expiresAt: "2026-03-04T06:00:00Z",
  };
  const files = { "a.txt": "alpha", "m.json": JSON.stringify(manifest) };
  await expect(put("a.txt --manifest m.json", { files })).rejects.toMatchObject({
    code: "USAGE",
    message: "The manifest was not made for a.txt.",
    why: "It is for movie.mp4 with 7 bytes; this file has 5.",
  });
});
