import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostileNames } from "../../src/audit/hostile-names.ts";
import { hostileTraits } from "../../src/audit/probed-key.ts";
import { objectKey } from "../../src/signing/object-key.ts";
import { Refusal } from "../../src/signing/refusal.ts";

describe("a name that is taken into the key as it comes", () => {
  test.for<readonly [id: string, trait: string | undefined]>([
    ["dot-segments", 'holds a "." or ".." segment'],
    ["dot-dot", 'holds a "." or ".." segment'],
    ["absolute", "holds an empty segment"],
    ["backslashes", "holds a backslash"],
    ["windows-drive", "holds a backslash"],
    ["control-characters", "holds control characters"],
    ["line-breaks", "holds control characters"],
    ["nul", "holds a NUL character"],
    ["long", "has a segment of more than 255 bytes"],
    ["form-variable", "holds a variable that S3 fills in for forms"],
    ["percent-encoded", "holds a percent-encoded separator, dot or NUL"],
    ["percent-twice", "holds a percent-encoded separator, dot or NUL"],
    ["percent-nul", "holds a percent-encoded separator, dot or NUL"],
    ["bidi", "holds invisible or direction-changing characters"],
    ["zero-width", "holds invisible or direction-changing characters"],
    // harmless as it is; an endpoint that normalises it makes "../" of it
    ["look-alikes", undefined],
    ["empty", "holds an empty segment"],
  ])("%s is found in it", ([id, trait]) => {
    const name = hostileNames.find((one) => one.id === id);
    const traits = hostileTraits(`uploads/${name?.fileName}`);
    if (trait === undefined) expect(traits).toEqual([]);
    else expect(traits).toContain(trait);
  });

  test("full-width dots that an endpoint normalises are found", () => {
    expect(hostileTraits(`uploads/${"\uFF0E\uFF0E\uFF0Fa".normalize("NFKC")}`)).toEqual([
      'holds a "." or ".." segment',
    ]);
  });
});

test("every hostile name is in this table once", () => {
  expect(new Set(hostileNames.map(({ id }) => id)).size).toBe(hostileNames.length);
});

test("what s3up's own backend makes of any name is harmless", () => {
  const place = { prefix: "uploads", date: new Date(0), id: "1" };
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...hostileNames.map((one) => one.fileName))),
      (name) => {
        try {
          expect(hostileTraits(objectKey(place, name))).toEqual([]);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
        }
      },
    ),
  );
});
