import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nameForMetadata, objectKey, safeName } from "../../src/signing/object-key.ts";
import { Refusal } from "../../src/signing/refusal.ts";

const place = { prefix: "uploads", date: new Date("2026-03-01T23:59:59Z"), id: "018f0000-0000-7000-8000-000000000000" };
const face = "\u{1F600}";
/** Dollar and brace apart, so that no tool takes it for a template. */
const variable = "$\u007bfilename}";

describe("safe names", () => {
  test.for<readonly [string, fileName: string, name: string]>([
    ["a plain name stays", "photo_1.final-2.JPG", "photo_1.final-2.JPG"],
    ["spaces become one dash", "my  holiday photo.jpg", "my-holiday-photo.jpg"],
    ["a path loses its folders", "/home/me/photo.jpg", "photo.jpg"],
    ["so does one of Windows", "C:\\Users\\me\\photo.jpg", "photo.jpg"],
    ["a way up leads nowhere", "../../etc/passwd", "passwd"],
    ["only a way up", "../..", "file"],
    ["one dot", ".", "file"],
    ["nothing", "", "file"],
    ["a folder", "folder/", "file"],
    ["only emoji", face.repeat(75), "file"],
    ["emoji with an extension", `${face.repeat(75)}.png`, "file.png"],
    ["a name in another script keeps its extension", "日本語.pdf", "file.pdf"],
    ["what ASCII has of a name stays", "Überweisung März.pdf", "berweisung-M-rz.pdf"],
    ["a decomposed letter is composed first", "e\u0301.txt", "file.txt"],
    ["a hidden file loses its dot", ".bashrc", "bashrc"],
    ["dashes and dots at the ends go", "-.-name-.-", "name"],
    ["a right-to-left override cannot hide the end", "invoice\u202Efdp.exe", "invoicefdp.exe"],
    ["zero-width characters go", "a\u200Bb\u2060c\uFEFF.txt", "abc.txt"],
    ["control characters go", "a\r\nb\x7f\x85.txt", "ab.txt"],
    ["query and escape signs become dashes", "a?b#c%2e%2e&d=1.txt", "a-b-c-2e-2e-d-1.txt"],
    ["half of a surrogate pair", "a\ud800b.txt", "a-b.txt"],
    ["a long name keeps its extension", `${"a".repeat(300)}.tar.gz`, `${"a".repeat(97)}.gz`],
    ["a long name is cut at no dot", `${"a".repeat(96)}.${"b".repeat(50)}.txt`, `${"a".repeat(96)}.txt`],
    ["what is too long for an extension is cut", `a.${"b".repeat(200)}`, `a.${"b".repeat(98)}`],
  ])("%s", ([, fileName, name]) => {
    expect(safeName(fileName)).toBe(name);
  });

  test.for<readonly [string, fileName: string]>([
    ["a NUL", "a\0.png"],
    ["a variable of S3", variable],
    ["a variable in the middle", `a${variable}b`],
    ["more than 1,024 bytes", "ü".repeat(513)],
  ])("%s is refused", ([, fileName]) => {
    expect(() => safeName(fileName)).toThrow(Refusal);
    expect(() => objectKey(place, fileName)).toThrow(
      expect.objectContaining({ code: "invalid_file_name", field: "fileName" }),
    );
    expect(() => nameForMetadata(fileName)).toThrow(Refusal);
  });
});

describe("keys", () => {
  test("prefix, day, id, name", () => {
    expect(objectKey(place, "a b.png")).toBe("uploads/2026/03/01/018f0000-0000-7000-8000-000000000000-a-b.png");
  });

  test("a caller has a folder of its own", () => {
    expect(objectKey({ ...place, subjectHash: "0123456789abcdef" }, "a")).toMatch(/^uploads\/0123456789abcdef\/2026\//);
  });

  const hostile = fc.oneof(
    fc.string({ unit: "binary", maxLength: 1200 }),
    fc.string({ unit: "grapheme" }),
    fc.string({
      unit: fc.constantFrom(".", "/", "\\", "-", "$", "{", "}", "\0", "%", "\u202e", face, "a", "\ud800", "e\u0301"),
    }),
  );

  test("whatever the name is, the key is safe or refused", () => {
    fc.assert(
      fc.property(hostile, (fileName) => {
        const key = keyOrRefusal(fileName);
        if (key === undefined) return;
        expect(key).toMatch(/^uploads\/2026\/03\/01\/[0-9a-f-]{36}-[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_])?$/);
        expect(key.split("/").some((segment) => /^\.*$/.test(segment))).toBe(false);
        expect(encodeURI(key)).toBe(key);
      }),
      { numRuns: 2000 },
    );
  });

  test("only a NUL, a variable or a name that is too long is refused", () => {
    fc.assert(
      fc.property(hostile, (fileName) => {
        const bytes = new TextEncoder().encode(fileName).byteLength;
        const isHostile = fileName.includes("\0") || fileName.includes("$\u007b") || bytes > 1024;
        expect(keyOrRefusal(fileName) === undefined).toBe(isHostile);
      }),
    );
  });

  test("a safe name stays what it is", () => {
    fc.assert(
      fc.property(hostile, (fileName) => {
        const key = keyOrRefusal(fileName);
        if (key !== undefined) expect(safeName(safeName(fileName))).toBe(safeName(fileName));
      }),
    );
  });

  function keyOrRefusal(fileName: string): string | undefined {
    try {
      return objectKey(place, fileName);
    } catch (error) {
      expect(error).toBeInstanceOf(Refusal);
      return undefined;
    }
  }
});

describe("the original name in the metadata", () => {
  test.for<readonly [string, fileName: string, value: string]>([
    ["percent-encoded", "Überweisung März.pdf", "%C3%9Cberweisung%20M%C3%A4rz.pdf"],
    ["without its folders", "C:\\me\\a.txt", "a.txt"],
    ["without what cannot be seen", "a\u202Eb\r\n.txt", "ab.txt"],
    ["composed", "e\u0301", "%C3%A9"],
  ])("%s", ([, fileName, value]) => {
    expect(nameForMetadata(fileName)).toBe(value);
  });

  test("is ASCII of 1,000 bytes at most that decodes to the beginning of the name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
        const fileName = text.replace(/[\0$/\\]/g, "").slice(0, 200);
        const value = nameForMetadata(fileName);
        expect(value).toMatch(/^[!-~]{0,1000}$/);
        expect(() => decodeURIComponent(value)).not.toThrow();
      }),
    );
    expect(decodeURIComponent(nameForMetadata(face.repeat(250)))).toBe(face.repeat(83));
  });
});
