import { expect, test } from "vitest";
import { customerKeyHeaders, customerKeyIn } from "../../src/signing/customer-key.ts";

// AES-256 of zeros, and its MD5 by `head -c 32 /dev/zero | md5sum`.
const zeros = new Uint8Array(32);

test("a key travels with its algorithm and its MD5", () => {
  expect(customerKeyHeaders(zeros)).toEqual({
    "x-amz-server-side-encryption-customer-algorithm": "AES256",
    "x-amz-server-side-encryption-customer-key": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "x-amz-server-side-encryption-customer-key-md5": "cLyPS3KoaSFGi/joRB3OUQ==",
  });
});

test.for([0, 16, 31, 33])("a key of %d bytes is refused, and not shown", (length) => {
  expect(() => customerKeyHeaders(new Uint8Array(length).fill(65))).toThrow(
    expect.objectContaining({ code: "USAGE", why: `It has ${length} bytes; AES-256 takes 32.` }),
  );
});

test.for([
  ["the key itself", "k".repeat(32), Buffer.from("k".repeat(32))],
  ["its base64", Buffer.from(zeros).toString("base64"), Buffer.from(zeros)],
] as const)("text is %s", ([, text, bytes]) => {
  expect(Buffer.from(customerKeyIn(text)).equals(bytes)).toBe(true);
});
