import { expect, test } from "vitest";
import { uuidV7 } from "../../src/backend/uuid-v7.ts";

test("begins with the time and has version and variant", () => {
  // The example of RFC 9562, appendix A.6.
  const random = Buffer.from("cc398c4dc0c0c07398f0", "hex");
  expect(uuidV7(new Date(0x017f22e279b0), random)).toBe("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
});

test("has the variant whatever the chance", () => {
  for (const byte of [0x00, 0x5a, 0xff]) {
    expect(uuidV7(new Date(0), new Uint8Array(10).fill(byte))).toMatch(
      /^0{8}-0{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  }
});

test("takes exactly 10 bytes of chance", () => {
  expect(() => uuidV7(new Date(0), new Uint8Array(9))).toThrow(RangeError);
});
