import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scrub } from "../../src/report/scrub.ts";

const secret = "0123456789abcdef0123456789abcdef";

describe("what authorizes is taken out", () => {
  test.for<[string, string]>([
    [
      `PUT https://drop.s3.test/in/a.txt?X-Amz-Expires=300&X-Amz-Signature=${secret} failed`,
      "PUT https://drop.s3.test/in/a.txt?[signature removed] failed",
    ],
    [`https://drop.s3.test/a?AWSAccessKeyId=AKIA&Signature=${secret}`, "https://drop.s3.test/a?[signature removed]"],
    [`"https://drop.s3.test/a?X-Amz-Credential=AKIA%2F1%2Fs3"`, '"https://drop.s3.test/a?[signature removed]"'],
    [`X-Amz-Signature=${secret}`, "X-Amz-Signature=[removed]"],
    [`x-amz-security-token: ${secret}`, "x-amz-security-token: [removed]"],
    [`authorization: Bearer ${secret}`, "authorization: Bearer [removed]"],
    [`AWS4-HMAC-SHA256 Credential=AKIA/1, SignedHeaders=host, Signature=${secret}`, "AWS4-HMAC-SHA256 [removed]"],
    [`{"uploadToken":"${secret}","parts":[]}`, '{"uploadToken":"[removed]","parts":[]}'],
    [`AWS_SECRET_ACCESS_KEY=${secret}`, "AWS_SECRET_ACCESS_KEY=[removed]"],
    [`https://user:${secret}@example.com/x`, "https://example.com/x"],
  ])("%s", ([text, shown]) => {
    expect(scrub(text)).toBe(shown);
  });
});

describe("what does not is left alone", () => {
  test.for([
    "s3://drop/in/a.txt",
    "https://api.example.com/presign?stage=prod",
    "The signature does not match.",
    "Policy denies it.",
  ])("%s", (text) => {
    expect(scrub(text)).toBe(text);
  });
});

test("a signature goes whatever surrounds it", () => {
  const word = fc.string({ unit: fc.constantFrom(..."abcXYZ012 /&=?'\"<>\n-_.") });
  fc.assert(
    fc.property(word, word, (before, after) => {
      expect(scrub(`${before}X-Amz-Signature=${secret}&${after}`)).not.toContain(secret);
    }),
  );
});
