/** Parts of the page that compute: the rest of a browser is in `test/browser`. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { browserFile } from "../../src/page/browser-file.ts";
import { createDigest } from "../../src/page/digest.ts";
import { limitsText } from "../../src/page/limits-text.ts";
import { setImmediate as afterNow } from "../../src/page/set-immediate.ts";
import { readHeaders } from "../../src/page/xhr-exchange.ts";

describe("digests", () => {
  test.for(["MD5", "SHA1", "SHA256"] as const)("%s is Node's, in any pieces", (algorithm) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, cut) => {
        const digest = createDigest(algorithm);
        digest.update(bytes.subarray(0, cut));
        digest.update(bytes.subarray(cut));
        const node = createHash(algorithm.toLowerCase()).update(bytes).digest();
        expect(Buffer.from(digest.digest()).equals(node)).toBe(true);
      }),
    );
  });
});

describe("a file", () => {
  const picked = new File(["0123456789"], "a.txt", { lastModified: 1_700_000_000_000 });

  test("has the facts that the browser tells", async () => {
    const source = browserFile(picked);
    expect(source).toMatchObject({ name: "a.txt", path: "a.txt", size: 10, mtimeMs: 1_700_000_000_000 });
    expect(await source.facts()).toEqual({ size: 10, mtimeMs: 1_700_000_000_000 });
  });

  test("is read from any place, and less at its end", async () => {
    const source = browserFile(picked);
    const buffer = new Uint8Array(4);
    expect(await source.read(buffer, 3)).toBe(4);
    expect(new TextDecoder().decode(buffer)).toBe("3456");
    expect(await source.read(buffer, 8)).toBe(2);
    expect(await source.read(buffer, 99)).toBe(0);
  });

  test("that cannot be read any more is named", async () => {
    const gone = Object.assign(new File(["x"], "gone.txt"), {
      slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException("gone", "NotReadableError")) }),
    });
    await expect(browserFile(gone).read(new Uint8Array(1), 0)).rejects.toMatchObject({
      code: "FILE_UNREADABLE",
      message: "gone.txt cannot be read any more.",
    });
  });
});

test("headers are read by lower-case names", () => {
  expect(readHeaders('ETag: "a:b"\r\nContent-Type:text/xml\r\nno header\r\n')).toEqual({
    etag: '"a:b"',
    "content-type": "text/xml",
  });
});

test("tasks run after all that is ready now, in order", async () => {
  const order: number[] = [];
  await new Promise<void>((resolve) => {
    afterNow(() => order.push(2));
    afterNow(() => {
      order.push(3);
      resolve();
    });
    order.push(1);
  });
  expect(order).toEqual([1, 2, 3]);
});

test.for<[string, readonly string[], string]>([
  ["all types", ["*/*"], "Up to 5 GiB a file."],
  ["one", ["application/pdf"], "Up to 5 GiB a file: PDF."],
  ["several", ["image/*", "application/pdf", "model/gltf+json"], "Up to 5 GiB a file: images, PDF or model/gltf+json."],
])("limits in words: %s", ([, contentTypes, expected]) => {
  expect(limitsText({ maxSize: 5 * 1024 ** 3, contentTypes: [...contentTypes] })).toBe(expected);
});
