/**
 * SSE-C: S3 encrypts with a key that the user brings and S3 forgets, so every request that writes or reads the object
 * carries it. https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
 */
import { createHash } from "node:crypto";
import { S3upError } from "../errors.ts";

/** Bytes of an AES-256 key. */
export const CUSTOMER_KEY_BYTES = 32;

export const customerKeyHeader = "x-amz-server-side-encryption-customer-key";

/** As headers, never in a URL. @throws S3upError USAGE for a key of another length */
export function customerKeyHeaders(key: Uint8Array): Readonly<Record<string, string>> {
  if (key.byteLength !== CUSTOMER_KEY_BYTES) {
    throw new S3upError("USAGE", "The key of --sse-c-key cannot be used.", {
      why: `It has ${key.byteLength} bytes; AES-256 takes ${CUSTOMER_KEY_BYTES}.`,
      hint: "Make one with `openssl rand 32 > sse.key` and name it as fileb://sse.key.",
    });
  }
  return {
    "x-amz-server-side-encryption-customer-algorithm": "AES256",
    [customerKeyHeader]: Buffer.from(key).toString("base64"),
    [`${customerKeyHeader}-md5`]: createHash("md5").update(key).digest("base64"),
  };
}

/** The key as text: 32 characters, or the 44 of its base64. */
export function customerKeyIn(text: string): Uint8Array {
  const decoded = Buffer.from(text, "base64");
  return decoded.byteLength === CUSTOMER_KEY_BYTES && decoded.toString("base64") === text ? decoded : Buffer.from(text);
}
