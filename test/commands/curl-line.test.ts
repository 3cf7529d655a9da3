import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { curlFormLine, curlLine } from "../../src/commands/curl-line.ts";
import type { SignedRequest } from "../../src/protocol/messages.ts";

const put: SignedRequest = {
  method: "PUT",
  url: "https://drop.s3.test/a?X-Amz-Expires=300&X-Amz-Signature=1",
  headers: { "content-type": "text/plain" },
  contentLength: 5,
  expiresIn: 300,
};

/** The words that a POSIX shell makes of the line, `curl` itself replaced. */
function wordsOf(line: string): readonly string[] {
  const script = line.replace(/^curl /, "printf '%s\\0' ");
  return execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

test("an upload names the file, each signed header and the URL", () => {
  expect(wordsOf(curlLine(put, "a b.txt")).slice(5)).toEqual([
    "--upload-file",
    "a b.txt",
    "--header",
    "content-type: text/plain",
    "--url",
    put.url,
  ]);
});

describe("each method", () => {
  test.for<[SignedRequest["method"], readonly string[]]>([
    ["GET", ["--output", "f"]],
    ["HEAD", ["--head"]],
    ["DELETE", ["--request", "DELETE"]],
    ["PUT", ["--upload-file", "f"]],
  ])("%s", ([method, words]) => {
    expect(wordsOf(curlLine({ ...put, method, headers: {} }, "f")).slice(5, -2)).toEqual(words);
  });
});

test("a file whose name is an option stays a file", () => {
  expect(wordsOf(curlLine(put, "-T"))).toContain("./-T");
});

test("a form's values are sent as they stand, even one that begins with @", () => {
  const form = { url: "https://drop.s3.test/", fields: { key: "@/etc/passwd", Policy: "p" }, expiresIn: 300 };
  expect(wordsOf(curlFormLine(form, 'a"b\\.txt')).slice(5)).toEqual([
    "--form-string",
    "key=@/etc/passwd",
    "--form-string",
    "Policy=p",
    "--form",
    'file=@"a\\"b\\\\.txt"',
    "--url",
    form.url,
  ]);
});

test("whatever header values and names hold, the shell sees the same words", () => {
  const text = fc
    .string({ unit: "binary", minLength: 1 })
    .filter((value) => !value.includes("\0") && Buffer.from(value).toString() === value);
  fc.assert(
    fc.property(text, text, (value, file) => {
      const words = wordsOf(curlLine({ ...put, headers: { "x-amz-meta-a": value } }, file));
      expect(words).toContain(`x-amz-meta-a: ${value}`);
      expect(words[6]).toBe(file.startsWith("-") ? `./${file}` : file);
    }),
    { numRuns: 40 },
  );
});
