import { expect, test } from "vitest";
import { withoutSignatures } from "../../src/aws/unsigned-signer.ts";
import { fakeSigner } from "../support/fake-signer.ts";

test("the address and the headers stay, what signs goes", async () => {
  const request = {
    method: "PUT",
    bucket: "drop",
    key: "in/a b",
    query: { uploadId: "u", partNumber: "1" },
    headers: { "content-type": "a/b" },
    contentLength: 5,
  } as const;
  expect(await withoutSignatures(fakeSigner()).sign(request, 60)).toEqual({
    method: "PUT",
    url: "https://drop.s3.test/in/a%20b?uploadId=u&partNumber=1",
    headers: { "content-type": "a/b" },
    contentLength: 5,
    expiresIn: 60,
  });
});
