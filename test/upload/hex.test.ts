import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBase64, toBase64 } from "../../src/upload/base64.ts";
import { fromHex, toHex } from "../../src/upload/hex.ts";

test("bytes are written and read as Node writes and reads them, in hexadecimal and in base64", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
      expect(fromHex(toHex(bytes))).toEqual(Uint8Array.from(bytes));
      expect(fromBase64(toBase64(bytes))).toEqual(Uint8Array.from(bytes));
    }),
  );
});

test.for(["", "zz", "0", "a1b2xx", "a1b", "-1"])("'%s' is read up to its first wrong digit", (text) => {
  expect(fromHex(text)).toEqual(Uint8Array.from(Buffer.from(text, "hex")));
});
