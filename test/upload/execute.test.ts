import { describe, expect, test } from "vitest";
import { S3upError } from "../../src/errors.ts";
import { type FakeS3, fakeS3, isComplete, isPart, s3Error } from "../support/fake-s3.ts";
import { type MemorySource, memorySource, patternedBytes } from "../support/memory-source.ts";
import { large, small, stored, upload } from "../support/run-upload.ts";
import type { ToolChanges } from "../support/upload-tools.ts";

describe("a file that changes while it is sent", () => {
  const changing = (bytes: Uint8Array, change: (source: MemorySource) => void) => {
    const s3 = fakeS3();
    const source = memorySource(bytes);
    s3.intercept = () => {
      change(source);
      return undefined;
    };
    return upload(bytes, s3, { settings: { concurrency: 1 } }, source);
  };

  test.for<[string, (source: MemorySource) => void]>([
    ["gets another time", (source) => source.replace(large, 2_000)],
    ["becomes longer", (source) => source.replace(Buffer.concat([large, large]))],
    ["becomes shorter", (source) => source.replace(large.subarray(0, 100))],
  ])("and %s is not stored", async ([, change]) => {
    const { object, s3 } = await changing(large, change);
    expect(object).toMatchObject({ code: "FILE_CHANGED", message: "dir/file.bin changed while it was being sent." });
    expect([s3.objects.size, s3.open()]).toEqual([0, []]);
  });

  test("and was damaged on the way is not sent again as it is now", async () => {
    const s3 = fakeS3();
    const source = memorySource(large);
    s3.intercept = (request) => {
      if (!isPart(1)(request)) return undefined;
      source.replace(patternedBytes(large.length, 9));
      return s3Error(400, "BadDigest");
    };
    const { object } = await upload(large, s3, {}, source);
    expect(object).toMatchObject({ code: "FILE_CHANGED", why: "Reading the same bytes twice gave two checksums." });
  });

  test("before it is sent at all is not stored, if it is small", async () => {
    const source = memorySource(small);
    source.replace(small, 2_000);
    const { object, s3 } = await upload(small, fakeS3(), {}, source);
    expect(object).toMatchObject({ code: "FILE_CHANGED" });
    expect(s3.requests).toEqual([]);
  });
});

describe("an interrupted upload", () => {
  const reason = new S3upError("INTERRUPTED", "Interrupted.");

  function stopping(
    when: (s3: FakeS3, stop: AbortController) => ToolChanges,
  ): Promise<Awaited<ReturnType<typeof upload>>> {
    const s3 = fakeS3();
    const stop = new AbortController();
    return upload(large, s3, { signal: stop.signal, ...when(s3, stop) });
  }

  test("before it began sends nothing", async () => {
    const { object, s3, types } = await stopping((_, stop) => {
      stop.abort(reason);
      return {};
    });
    expect(object).toBe(reason);
    expect([s3.requests, types]).toEqual([[], []]);
  });

  test("while parts are under way leaves nothing behind", async () => {
    const { object, s3, types } = await stopping((s3, stop) => {
      s3.intercept = () => {
        stop.abort(reason);
        return undefined;
      };
      return {};
    });
    expect(object).toBe(reason);
    expect([s3.open(), s3.objects.size]).toEqual([[], 0]);
    expect(types).toEqual(["create", "started", "abort", "aborted"]);
  });

  test("right after the upload was created leaves nothing behind", async () => {
    const { object, s3 } = await stopping((_, stop) => ({
      onEvent: (event) => event.type === "started" && stop.abort(reason),
    }));
    expect(object).toBe(reason);
    expect(s3.open()).toEqual([]);
  });

  test("while it waits for the next try does not wait any longer", async () => {
    const { object, s3 } = await stopping((s3, stop) => {
      s3.intercept = () => s3Error(500, "InternalError");
      return { onEvent: (event) => event.type === "retrying" && stop.abort(reason) };
    });
    expect(object).toBe(reason);
    expect(s3.open()).toEqual([]);
  });

  test("while it is completed is completed: its outcome would be open", async () => {
    const { object, s3 } = await stopping((s3, stop) => {
      s3.intercept = (request) => {
        if (isComplete(request)) stop.abort(reason);
        return undefined;
      };
      return {};
    });
    expect(object).toMatchObject({ key: stored });
    expect(s3.objects.size).toBe(1);
  });

  test("without a reason of ours is INTERRUPTED, also where its parts stay", async () => {
    const { object } = await stopping((s3, stop) => {
      s3.abortError = new Error("no network");
      s3.intercept = () => {
        stop.abort();
        return undefined;
      };
      return {};
    });
    expect(object).toMatchObject({
      code: "INTERRUPTED",
      message: "The upload was interrupted.",
      hint: expect.stringContaining("--upload-id upload-1"),
    });
  });
});
