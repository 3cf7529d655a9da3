import { S3Client } from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { signPostPolicy } from "../../src/aws/post-policy.ts";

const NOON = new Date("2026-03-01T12:00:00Z");
const identity = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: "token" };
const form = {
  bucket: "drop",
  key: "uploads/a.png",
  fields: { "Content-Type": "image/png" },
  minSize: 1,
  maxSize: 1_048_576,
};

beforeEach(() => void vi.useFakeTimers({ now: NOON }));
afterEach(() => void vi.useRealTimers());

test("asks for the same as the SDK's own builder does", async () => {
  const ours = signPostPolicy(form, { identity, region: "eu-central-1", date: NOON, expiresInSeconds: 60 });
  const theirs = await createPresignedPost(new S3Client({ region: "eu-central-1", credentials: identity }), {
    Bucket: form.bucket,
    Key: form.key,
    Fields: form.fields,
    Conditions: [["content-length-range", 1, 1_048_576]],
    Expires: 60,
  });
  const { bucket: _, ...expected } = theirs.fields;
  expect(Object.keys(ours).toSorted()).toEqual(Object.keys(expected).toSorted());
  expect(sorted(policyOf(ours))).toEqual(sorted(policyOf(theirs.fields)));
});

test("signs its policy text as Signature V4 has it", async () => {
  const { Policy = "", "X-Amz-Signature": signature } = signPostPolicy(form, {
    identity,
    region: "eu-central-1",
    date: NOON,
    expiresInSeconds: 60,
  });
  const signer = new SignatureV4({
    service: "s3",
    region: "eu-central-1",
    credentials: identity,
    sha256: Hash.bind(null, "sha256"),
  });
  expect(signature).toBe(await signer.sign(Policy, { signingDate: NOON }));
});

test("sends the key first and the policy after everything that it is about", () => {
  const names = Object.keys(
    signPostPolicy(form, { identity, region: "eu-central-1", date: NOON, expiresInSeconds: 60 }),
  );
  expect(names[0]).toBe("key");
  expect(names.slice(-2)).toEqual(["Policy", "X-Amz-Signature"]);
});

function policyOf(fields: Readonly<Record<string, string>>): { expiration: string; conditions: readonly unknown[] } {
  return JSON.parse(Buffer.from(fields.Policy ?? "", "base64").toString());
}

function sorted({ expiration, conditions }: ReturnType<typeof policyOf>) {
  return { expiration: Date.parse(expiration), conditions: conditions.map((one) => JSON.stringify(one)).toSorted() };
}
