/** Real files through real sockets into the sandbox, whose signatures and checksums are its own. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { S3upError } from "../../src/errors.ts";
import { openFileSource } from "../../src/files/file-source.ts";
import type { FaultRule } from "../../src/sandbox/fault-rule.ts";
import { checksumOf } from "../../src/upload/checksum.ts";
import type { UploadEvent } from "../../src/upload/events.ts";
import { executeUpload } from "../../src/upload/execute.ts";
import { planUpload } from "../../src/upload/plan.ts";
import type { Destination, PartSender } from "../../src/upload/transport.ts";
import { patternedBytes } from "../support/memory-source.ts";
import { useUploadSandbox } from "../support/sandbox-uploads.ts";
import { MiB, type ToolChanges, uploadTools } from "../support/upload-tools.ts";

const s3 = useUploadSandbox();
const large = patternedBytes(40 * MiB + 1);
const small = large.subarray(0, 11 * MiB);
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "s3up-test-"));
  await writeFile(join(directory, "large.bin"), large);
  await writeFile(join(directory, "small.bin"), small);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

interface Run {
  readonly file?: "large.bin" | "small.bin";
  readonly changes?: ToolChanges;
  readonly multipartThreshold?: number;
}

async function upload(
  destination: Destination,
  sender: PartSender,
  { file = "small.bin", changes = {}, multipartThreshold = 8 * MiB }: Run = {},
) {
  const source = await openFileSource(join(directory, file));
  const tools = uploadTools(sender, { ...changes, settings: { concurrency: 4, ...changes.settings } });
  try {
    const limits = await destination.limits(tools.signal);
    const plan = planUpload(source, limits, { partSize: 5 * MiB, multipartThreshold });
    const object = await executeUpload(plan, source, destination, tools);
    return { object, events: tools.events };
  } finally {
    await source.close();
  }
}

const modes = [
  ["credentials", (key: string) => s3.credentials(key)],
  ["an endpoint", (_: string, sender: PartSender) => s3.endpoint(sender)],
] as const;

describe.for(modes)("through %s", ([, destinationFor]) => {
  test("40 MiB in parts arrive whole, over one connection for each part at a time", async () => {
    const sender = s3.sender({ connections: 4 });
    const { object } = await upload(destinationFor("large.bin", sender), sender, { file: "large.bin" });

    expect(object).toMatchObject({ bucket: "drop", size: large.length, checksum: checksumOf("CRC32", large) });
    expect(Buffer.compare((await s3.stored(object.key)) ?? Buffer.of(), large)).toBe(0);
    const parts = s3.sandbox
      .requests()
      .filter(({ operation, path }) => operation === "UploadPart" && path.endsWith(object.key));
    expect(parts).toHaveLength(9);
    expect(new Set(parts.map(({ connectionId }) => connectionId)).size).toBe(4);
  });

  test("40 MiB in one PUT arrive whole", async () => {
    const sender = s3.sender();
    const { object } = await upload(destinationFor("single.bin", sender), sender, {
      file: "large.bin",
      multipartThreshold: 64 * MiB,
    });
    expect(object).toMatchObject({ size: large.length, checksum: checksumOf("CRC32", large) });
    expect(Buffer.compare((await s3.stored(object.key)) ?? Buffer.of(), large)).toBe(0);
  });

  test("what cannot be put right leaves nothing behind", async () => {
    s3.sandbox.faults.add({ kind: "status-500", operation: "UploadPart", parts: [3], count: 99 });
    const sender = s3.sender();
    const seen: UploadEvent[] = [];
    const changes = { onEvent: (event: UploadEvent) => void seen.push(event) };
    await expect(upload(destinationFor("failed.bin", sender), sender, { changes })).rejects.toMatchObject({
      code: "S3_ERROR",
      message: "Part 3 could not be sent in 4 tries.",
    });
    expect(await s3.openUploads()).toEqual([]);
    expect(seen.at(-1)).toMatchObject({ type: "aborted", clean: true });
  });

  test("an interruption leaves nothing behind", async () => {
    s3.sandbox.faults.add({ kind: "bandwidth", operation: "UploadPart", bytesPerSecond: 4 * MiB });
    const stop = new AbortController();
    const reason = new S3upError("INTERRUPTED", "Interrupted.");
    const sender = s3.sender();
    const changes: ToolChanges = {
      signal: stop.signal,
      onEvent: (event) => event.type === "progress" && event.sentBytes > MiB && stop.abort(reason),
    };
    const destination = destinationFor("interrupted.bin", sender);
    await expect(upload(destination, sender, { changes })).rejects.toBe(reason);
    expect(await s3.openUploads()).toEqual([]);
  });
});

const faults: readonly (readonly [string, FaultRule])[] = [
  ["a reset before a part is read", { kind: "reset-before", operation: "UploadPart" }],
  ["a reset within a part", { kind: "reset-after", operation: "UploadPart", bytes: 3 * MiB }],
  ["a part that stalls", { kind: "stall", operation: "UploadPart", bytes: 100_000 }],
  ["500 to a part", { kind: "status-500", operation: "UploadPart", count: 2 }],
  ["503 to parts", { kind: "slow-down", operation: "UploadPart", count: 3 }],
  ["an expired URL of a part", { kind: "expired", operation: "UploadPart" }],
  ["a wrong ETag of a part", { kind: "wrong-etag", operation: "UploadPart" }],
  ["a cut answer to a part", { kind: "truncated", operation: "UploadPart" }],
  ["a proxy's page for a part", { kind: "html", operation: "UploadPart" }],
  ["a lost answer to a part", { kind: "lost-answer", operation: "UploadPart" }],
  ["an error inside the 200 to the completion", { kind: "error-in-200", operation: "CompleteMultipartUpload" }],
  ["a lost answer to the completion", { kind: "lost-answer", operation: "CompleteMultipartUpload" }],
  ["a cut answer to the completion", { kind: "truncated", operation: "CompleteMultipartUpload" }],
  ["an expired URL of the completion", { kind: "expired", operation: "CompleteMultipartUpload" }],
];
/** The others differ in nothing but who signs. */
const alsoWithCredentials = new Set<FaultRule["kind"]>(["expired", "wrong-etag", "lost-answer"]);

describe.for(modes)("a fault on the way through %s", ([mode, destinationFor]) => {
  const rows = faults.filter(([, { kind }]) => mode === "an endpoint" || alsoWithCredentials.has(kind));
  test.for(rows)("%s is put right", async ([, fault]) => {
    s3.sandbox.faults.add(fault);
    const sender = s3.sender({ stallTimeoutMs: 400 });
    const key = `faults/${fault.operation}-${fault.kind}.bin`;
    const { object } = await upload(destinationFor(key, sender), sender);
    expect(object).toMatchObject({ size: small.length, checksum: checksumOf("CRC32", small) });
    expect(Buffer.compare((await s3.stored(object.key)) ?? Buffer.of(), small)).toBe(0);
    expect(s3.sandbox.faults.fired().at(-1)?.kind).toBe(fault.kind);
  });
});

test("nothing is overwritten where that is wished", async () => {
  const sender = s3.sender();
  const destination = () => s3.credentials("kept.bin", { ifNoneMatch: "*" });
  await upload(destination(), sender);
  const again = { code: "OBJECT_EXISTS", message: "s3://drop/kept.bin already exists." };
  // Other bytes: where an answer gets lost, the same ones are found stored, which is no failure.
  const other = { file: "large.bin" } as const;
  await expect(upload(destination(), sender, other)).rejects.toMatchObject(again);
  await expect(upload(destination(), sender, { ...other, multipartThreshold: 64 * MiB })).rejects.toMatchObject(again);
  expect(await s3.openUploads()).toEqual([]);
});

test.for(["crc32c", "crc64nvme", "sha256", "none"] as const)(
  "the sandbox agrees with --checksum %s",
  async (checksum) => {
    const sender = s3.sender();
    const { object } = await upload(s3.credentials(`checksum/${checksum}.bin`), sender, {
      changes: { settings: { checksum } },
    });
    // S3 computes CRC64NVME where nobody asked for a checksum.
    expect(object.checksum?.algorithm).toBe(checksum === "none" ? "CRC64NVME" : checksum.toUpperCase());
    expect(Buffer.compare((await s3.stored(object.key)) ?? Buffer.of(), small)).toBe(0);
  },
);

test("an upload of many parts holds no more of the file than allowed", async () => {
  const sender = s3.sender();
  const { object } = await upload(s3.credentials("small-memory.bin"), sender, {
    changes: { settings: { maxMemory: 1 } },
  });
  expect(object.checksum).toEqual(checksumOf("CRC32", small));
});
