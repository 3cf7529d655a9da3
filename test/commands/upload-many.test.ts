import { describe, expect, test } from "vitest";
import { type PutOptions, putCommand, runPut } from "../../src/commands/put.ts";
import { S3upError } from "../../src/errors.ts";
import { EXIT } from "../../src/exit-codes.ts";
import { runProgram } from "../../src/program.ts";
import type { ReportEvent } from "../../src/runtime.ts";
import { checksumOf } from "../../src/upload/checksum.ts";
import type { Found } from "../../src/upload/selection.ts";
import { optionsOf as optionsOfLine } from "../support/command-line.ts";
import { type RuntimeChanges, testRuntime } from "../support/command-runtime.ts";
import { fakeS3, fakeSender, type SentRequest } from "../support/fake-s3-access.ts";

const optionsOf = (line: string) => optionsOfLine<PutOptions>(putCommand, line);

const within = (name: string): Found => ({ kind: "file", path: `tree/${name}`, name, within: true });

async function putFound(
  line: string,
  found: readonly Found[],
  changes: RuntimeChanges = {},
  status?: (url: string) => number,
) {
  const sent: SentRequest[] = [];
  const s3 = fakeS3();
  const files = Object.fromEntries(found.map(({ path }) => [path, `of ${path}`]));
  const runtime = testRuntime({
    files,
    s3: async () => s3,
    sender: async () => fakeSender(sent, status),
    findFiles: async function* () {
      yield* found;
    },
    ...changes,
  });
  const run = runPut(await optionsOf(line), runtime);
  const code = await run.catch((error: unknown) => error);
  const failed = runtime.events.filter((event) => event.type === "failed");
  const summary = runtime.events.findLast((event) => event.type === "summary");
  const keys = s3.uploads.map(({ key }) => key);
  return { code, sent, runtime, failed, summary, keys, s3 };
}

describe("keys", () => {
  test.for<[string, string, readonly string[]]>([
    ["are prefix and path below the directory", "tree s3://drop/in/ --recursive", ["in/a", "in/d/b"]],
    ["go into the address as into a directory", "tree s3://drop/in --recursive", ["in/a", "in/d/b"]],
    ["are the paths alone for the bucket itself", "tree s3://drop --recursive", ["a", "d/b"]],
    ["of a pattern go into the address too", "t*/** s3://drop/in", ["in/a", "in/d/b"]],
  ])("%s", async ([, line, expected]) => {
    const { code, keys } = await putFound(line, [within("a"), within("d/b")]);
    expect([code, keys]).toEqual([EXIT.ok, expected]);
  });

  test("that two files share are refused for the second, and the first is stored", async () => {
    const other: Found = { kind: "file", path: "other/a", name: "a", within: true };
    const { code, failed, sent } = await putFound("tree other s3://drop/in/ --recursive", [within("a"), other]);
    expect(code).toBe(EXIT.usage);
    expect(sent.map(({ body }) => body)).toEqual(["of tree/a"]);
    expect(failed).toMatchObject([
      { path: "other/a", error: { message: "other/a would replace another file of this run." } },
    ]);
  });

  test("that only look the same are both stored, with a warning", async () => {
    const { code, runtime, sent } = await putFound("tree s3://drop/ --recursive", [
      within("\u00e9"),
      within("e\u0301"),
    ]);
    expect([code, sent.length]).toEqual([EXIT.ok, 2]);
    expect(runtime.events.filter(({ type }) => type === "warning")).toHaveLength(1);
  });

  test("that are too long are refused, one by one", async () => {
    const { failed, sent } = await putFound("tree s3://drop/in/ --recursive", [
      within("x".repeat(1022)),
      within("y".repeat(1021)),
    ]);
    expect(sent).toHaveLength(1);
    expect(failed).toMatchObject([{ error: { code: "USAGE", why: "It has 1025 bytes; S3 takes 1024." } }]);
  });
});

describe("three hundred files", () => {
  const many = Array.from({ length: 300 }, (_, index) => within(`f${index}`));

  test("of which one is refused are all stored but that, which is named", async () => {
    const { code, failed, summary, sent } = await putFound("tree s3://drop/ --recursive", many, {}, (url) =>
      url.includes("/f123?") ? 403 : 200,
    );
    expect(code).toBe(EXIT.denied);
    expect(failed).toMatchObject([{ path: "tree/f123" }]);
    expect(summary).toMatchObject({
      stored: 299,
      failed: 1,
      many: { failures: [{ path: "tree/f123" }], left: undefined },
    });
    expect(new Set(sent.map(({ body }) => body)).size).toBe(300);
  });

  test("end with the first failure when --stop-on-error is given", async () => {
    const { code, summary, sent } = await putFound(
      "tree s3://drop/ --recursive --stop-on-error -j 1",
      many,
      {},
      (url) => (url.includes("/f9?") ? 403 : 200),
    );
    expect([code, sent.length]).toEqual([EXIT.denied, 10]);
    expect(summary).toMatchObject({ stored: 9, failed: 1, many: { left: { files: expect.any(Number) } } });
  });

  test("fail of expired credentials once, not three hundred times", async () => {
    const expired = new S3upError("CREDENTIALS_EXPIRED", "The AWS credentials have expired.");
    const s3 = async () => {
      throw expired;
    };
    const { code, failed, summary } = await putFound("tree s3://drop/ --recursive", many, { s3 });
    expect(code).toBe(expired);
    expect(failed).toEqual([]);
    expect(summary).toMatchObject({ stored: 0, many: { left: { atLeast: expect.any(Boolean) } } });
  });

  test("that are interrupted end with what is stored and what is left", async () => {
    const controller = new AbortController();
    const interrupted = new S3upError("INTERRUPTED", "Interrupted.");
    let requests = 0;
    const sender: RuntimeChanges["sender"] = async () => ({
      send: async () => {
        requests += 1;
        if (requests === 50) controller.abort(interrupted);
        controller.signal.throwIfAborted();
        return { status: 200, headers: { etag: '"1"' }, body: "" };
      },
      close: () => {},
    });
    const { code, summary, runtime } = await putFound("tree s3://drop/ --recursive", many, {
      signal: controller.signal,
      sender,
    });
    expect(code).toBe(interrupted);
    expect(summary).toMatchObject({ stored: 49, failed: 0, many: { left: { files: expect.any(Number) } } });
    expect(runtime.openFiles.size).toBe(0);
  });

  test("with --dry-run are listed, and summed up", async () => {
    const { runtime, sent } = await putFound("tree s3://drop/in/ --recursive --dry-run", many);
    expect(sent).toEqual([]);
    expect(runtime.events.filter(({ type }) => type === "in-file")).toHaveLength(300);
    expect(runtime.events.at(-1)).toMatchObject({ type: "dry-run-total", facts: { files: 300, requests: 300 } });
  });

  test("are told as one until all are done", async () => {
    const { runtime } = await putFound("tree s3://drop/ --recursive", many);
    const files = runtime.events.filter((event) => event.type === "files");
    expect(files.length).toBeGreaterThan(0);
    for (const event of files) expect(event.share).toBeLessThanOrEqual(event.foundFiles);
    expect(runtime.events.filter(({ type }) => type === "progress")).toEqual([]);
  });
});

test("what is left out and what cannot be read is told, and the rest is stored", async () => {
  const { code, runtime, sent } = await putFound("tree s3://drop/ --recursive", [
    { kind: "skipped", path: "tree/link", name: "link", why: "It is a symbolic link that leads nowhere." },
    {
      kind: "failed",
      path: "tree/no",
      name: "no/",
      error: new S3upError("FILE_UNREADABLE", "tree/no cannot be read."),
    },
    within("a"),
  ]);
  expect([code, sent.length]).toEqual([EXIT.usage, 1]);
  expect(runtime.events.filter(({ type }) => type === "warning")).toMatchObject([
    { message: "tree/link is left out." },
  ]);
});

test("nothing found is nothing done", async () => {
  const { code, summary } = await putFound("tree s3://drop/ --recursive", []);
  expect([code, summary]).toMatchObject([EXIT.ok, { stored: 0, failed: 0 }]);
});

/** Of a file, or of the run. */
function warningsOf(events: readonly ReportEvent[]): readonly ReportEvent[] {
  return events
    .map((event) => (event.type === "in-file" ? event.event : event))
    .filter(({ type }) => type === "warning");
}

describe("--delete-source", () => {
  const found = {
    bucket: "drop",
    key: "a",
    size: 9,
    etag: '"1"',
    checksum: { algorithm: "CRC32", value: checksumOf("CRC32", Buffer.from("of tree/a")).value },
  } as const;
  const run = async (object: object | undefined, kept: string | undefined = undefined, confirmed = true) => {
    const removed: string[] = [];
    const s3 = fakeS3();
    s3.found = object as never;
    const headers = { etag: '"1"', ...(confirmed ? { "x-amz-checksum-crc32": found.checksum.value } : {}) };
    const ran = await putFound("tree s3://drop/ --recursive --delete-source", [within("a")], {
      s3: async () => s3,
      sender: async () => ({ send: async () => ({ status: 200, headers, body: "" }), close: () => {} }),
      removeSource: async (path) => {
        removed.push(path);
        return kept;
      },
    });
    return { ...ran, removed, warnings: warningsOf(ran.runtime.events) };
  };

  test("deletes what S3 confirms", async () => {
    const { removed, warnings, code } = await run(found);
    expect([removed, warnings, code]).toEqual([["tree/a"], [], EXIT.ok]);
  });

  test.for<[string, object | undefined]>([
    ["finds no checksum", { ...found, checksum: undefined }],
    ["finds another size", { ...found, size: 8 }],
    ["finds nothing", undefined],
  ])("keeps the file when it %s", async ([, object]) => {
    expect((await run(object)).removed).toEqual([]);
  });

  test("keeps the file when S3 did not say what it received", async () => {
    expect((await run(found, undefined, false)).removed).toEqual([]);
  });

  test("says why a file stays that has changed since", async () => {
    const { warnings } = await run(found, "It has changed since it was sent.");
    expect(warnings).toMatchObject([
      { message: "tree/a is stored and was not deleted.", hint: "It has changed since it was sent." },
    ]);
  });

  test.for<[string, string]>([
    ["f --endpoint https://e.test/p --delete-source", "--delete-source cannot be used without an s3:// address."],
    ["f s3://drop/k --delete-source --checksum none", "--delete-source cannot be used with --checksum none."],
  ])("put %s is refused", async ([line, message]) => {
    await expect(runProgram(["put", ...line.split(" ")], testRuntime())).rejects.toMatchObject({
      code: "USAGE",
      message,
    });
  });
});

describe("argv -> selection", () => {
  test.for<[string, object]>([
    ["d s3://drop/ --recursive", { selection: { recursive: true, symlinks: "files" } }],
    ["d s3://drop/ --recursive --follow-symlinks", { selection: { symlinks: "all" } }],
    ["d s3://drop/ --recursive --no-follow-symlinks", { selection: { symlinks: "none" } }],
    ["s3://drop/ --files-from list", { files: [], selection: { filesFrom: "list" } }],
    ["f s3://drop/k -j 4", { jobs: 4 }],
    ["f s3://drop/k --jobs auto", { jobs: "auto" }],
    ["f s3://drop/k --stop-on-error", { stopOnError: true }],
    ["f s3://drop/k --delete-source", { deleteSource: true, verify: true }],
    [
      "d s3://drop/ --exclude * --include *.jpg --exclude tmp/*",
      {
        selection: {
          filters: [
            { action: "exclude", pattern: "*" },
            { action: "include", pattern: "*.jpg" },
            { action: "exclude", pattern: "tmp/*" },
          ],
        },
      },
    ],
  ])("put %s", async ([line, expected]) => {
    expect(await optionsOf(line)).toMatchObject(expected);
  });

  test.for<[string, string]>([
    ["d --url https://u.test/k --recursive", "--recursive cannot be used with --url."],
    ["--manifest m.json --files-from list", "--files-from cannot be used with --manifest."],
    ["- s3://drop/k --files-from list", "Stdin (-) must be the only file."],
    ["a b s3://drop/k", "2 files cannot all become s3://drop/k."],
  ])("put %s is refused", async ([line, message]) => {
    await expect(runProgram(["put", ...line.split(" ")], testRuntime())).rejects.toMatchObject({
      code: "USAGE",
      message,
    });
  });
});
