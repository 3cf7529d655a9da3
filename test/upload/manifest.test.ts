import { describe, expect, test } from "vitest";
import { type Manifest, parseManifest } from "../../src/upload/manifest.ts";

const request = {
  method: "POST",
  url: "https://s3.test/k?X-Amz-Signature=secret",
  headers: {},
  expiresIn: 900,
} as const;
const good: Manifest = {
  v: 1,
  type: "s3up-manifest",
  bucket: "drop",
  key: "k",
  uploadId: "u",
  file: { name: "f", size: 5, contentType: "a/b" },
  partSize: 5,
  parts: [{ ...request, method: "PUT", partNumber: 1, contentLength: 5 }],
  complete: request,
  abort: { ...request, method: "DELETE" },
  list: [{ ...request, method: "GET" }],
  expiresAt: "2026-01-02T03:04:05.000Z",
};

test("what was printed is what is read", () => {
  expect(parseManifest(JSON.stringify(good), "m.json")).toEqual(good);
});

test("members that a newer s3up adds are ignored", () => {
  expect(parseManifest(JSON.stringify({ ...good, more: 1 }), "m.json")).toEqual(good);
});

describe("refuses", () => {
  test.for<[string, string, string]>([
    ["text that is no JSON", "https://s3.test/k?X-Amz-Signature=secret", "It is no JSON."],
    ["JSON that is no object", "[]", "Its member v is missing or not as it should be."],
    ["another version", JSON.stringify({ ...good, v: 2 }), "Its member v is missing or not as it should be."],
    [
      "another kind of file",
      JSON.stringify({ ...good, type: "x" }),
      "Its member type is missing or not as it should be.",
    ],
    ["no parts", JSON.stringify({ ...good, parts: [] }), "Its member parts is missing or not as it should be."],
    [
      "a part without a URL",
      JSON.stringify({ ...good, parts: [{ ...good.parts[0], url: undefined }] }),
      "Its member parts.0.url is missing or not as it should be.",
    ],
  ])("%s, without repeating it", ([, text, why]) => {
    expect(() => parseManifest(text, "m.json")).toThrow(
      expect.objectContaining({ code: "USAGE", message: "m.json is not an upload manifest.", why }),
    );
    try {
      parseManifest(text, "m.json");
    } catch (error) {
      const all = [error, (error as Error).cause].map(String).join();
      expect(all).not.toContain("secret");
    }
  });
});
