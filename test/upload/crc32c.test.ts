import { AwsCrc32c } from "@aws-crypto/crc32c";
import fc from "fast-check";
import { expect, test } from "vitest";
import { crc32c } from "../../src/upload/crc32c.ts";

test("agrees with another implementation for any bytes at any offset, continued anywhere", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(12), fc.nat(300), async (bytes, offset, cut) => {
      const shifted = new Uint8Array(bytes.length + offset);
      shifted.set(bytes, offset);
      const view = shifted.subarray(offset);

      const other = new AwsCrc32c();
      other.update(bytes);
      const expected = Buffer.from(await other.digest()).readUInt32BE();
      expect(crc32c(view)).toBe(expected);
      expect(crc32c(view.subarray(cut), crc32c(view.subarray(0, cut)))).toBe(expected);
    }),
  );
});
