import { Crc64Nvme } from "@aws-sdk/crc64-nvme";
import fc from "fast-check";
import { expect, test } from "vitest";
import { crc64nvme } from "../../src/upload/crc64nvme.ts";

test("agrees with another implementation for any bytes at any offset, continued anywhere", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(12), fc.nat(300), async (bytes, offset, cut) => {
      const shifted = new Uint8Array(bytes.length + offset);
      shifted.set(bytes, offset);
      const view = shifted.subarray(offset);

      const other = new Crc64Nvme();
      other.update(bytes);
      const expected = Buffer.from(await other.digest()).readBigUInt64BE();
      expect(crc64nvme(view)).toBe(expected);
      expect(crc64nvme(view.subarray(cut), crc64nvme(view.subarray(0, cut)))).toBe(expected);
    }),
  );
});
