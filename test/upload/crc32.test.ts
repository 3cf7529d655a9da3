import { crc32 as native } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crc32 } from "../../src/upload/crc32.ts";

describe("CRC-32 in JavaScript", () => {
  test("gives the check value of ISO 3309", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  });

  test("agrees with Node's over any bytes, at any offset, in any pieces", () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(bytes, fc.nat(16), fc.nat(300), (all, offset, cut) => {
        const view = all.subarray(offset);
        const pieces = [view.subarray(0, cut), view.subarray(cut)];
        expect(pieces.reduce((crc, piece) => crc32(piece, crc), 0)).toBe(native(view));
      }),
    );
  });
});
