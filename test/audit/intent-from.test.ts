import { describe, expect, test } from "vitest";
import { type IntentOptions, intentFrom } from "../../src/audit/intent-from.ts";
import { aBucket } from "../support/audit-bucket.ts";

const behind = (environment: Readonly<Record<string, string>>) =>
  aBucket({ signer: { policies: [], function: { environment } } });
const ours = { BUCKET: "drop", AUTH: "jwt" };
const page = { origins: ["https://app.example.com"] };

describe("intentFrom", () => {
  test("has defaults for all that nobody said", () => {
    const objects = "arn:aws:s3:::drop/uploads/*";
    expect(intentFrom({}, aBucket())).toEqual({
      prefix: "uploads/",
      maxAgeSeconds: 900,
      origins: [],
      mode: undefined,
      signedHeaders: ["content-type"],
      wanted: [
        { action: "s3:PutObject", resource: objects },
        { action: "s3:AbortMultipartUpload", resource: objects },
        { action: "s3:ListMultipartUploadParts", resource: objects },
        { action: "s3:ListBucketMultipartUploads", resource: "arn:aws:s3:::drop" },
      ],
      trustedPrincipals: [],
      encryption: undefined,
      kmsKeyId: undefined,
      objectLock: false,
      publicFunctionReason: undefined,
    });
  });

  test.for([
    ["uploads", "uploads/"],
    ["uploads/", "uploads/"],
    ["/team/incoming/", "team/incoming/"],
    ["", ""],
    ["/", ""],
  ] as const)("writes the prefix %o as %o", ([prefix, expected]) => {
    expect(intentFrom({ prefix }, aBucket()).prefix).toBe(expected);
  });

  test.for(["../secret", "a//b", "a/*", "a'b", "$(id)", "a\nb", "a?b", "."])("refuses the prefix %o", (prefix) => {
    expect(() => intentFrom({ prefix }, aBucket())).toThrow(expect.objectContaining({ code: "USAGE" }));
  });

  test.for([
    ["https://app.example.com", "https://app.example.com"],
    ["https://App.Example.com/", "https://app.example.com"],
    ["https://app.example.com:443", "https://app.example.com"],
    ["http://localhost:5173", "http://localhost:5173"],
  ] as const)("takes the origin %s as %s", ([origin, expected]) => {
    expect(intentFrom({ origins: [origin] }, aBucket()).origins).toEqual([expected]);
  });

  test.for(["*", "https://*.example.com", "app.example.com", "https://app.example.com/upload", "null", "file:///a"])(
    "refuses the origin %s",
    (origin) => {
      expect(() => intentFrom({ origins: [origin] }, aBucket())).toThrow(expect.objectContaining({ code: "USAGE" }));
    },
  );

  test.for(["kms", "aes256", "aws:kms:", ""])("refuses the encryption %o", (encryption) => {
    expect(() => intentFrom({ encryption }, aBucket())).toThrow(expect.objectContaining({ code: "USAGE" }));
  });

  test("wants the keys of KMS where encryption with them is meant", () => {
    const { wanted } = intentFrom({ encryption: "aws:kms" }, aBucket());
    expect(wanted.slice(4)).toEqual([
      { action: "kms:GenerateDataKey", resource: "arn:aws:kms:*:*:key/*" },
      { action: "kms:Decrypt", resource: "arn:aws:kms:*:*:key/*" },
    ]);
  });

  test("takes the ARNs of the bucket's own partition", () => {
    const bucket = { ...aBucket(), arn: "arn:aws-cn:s3:::drop" };
    expect(intentFrom({}, bucket).wanted[0]?.resource).toBe("arn:aws-cn:s3:::drop/uploads/*");
  });
});

describe("the signer's environment", () => {
  test("says the prefix when the user does not", () => {
    expect(intentFrom({}, behind({ KEY_PREFIX: "incoming" })).prefix).toBe("incoming/");
    expect(intentFrom({ prefix: "uploads" }, behind({ KEY_PREFIX: "incoming" })).prefix).toBe("uploads/");
  });

  test("says never how long a URL may live: that would be the signer judging itself", () => {
    expect(intentFrom({}, behind({ EXPIRES_IN_MAX: "43200" })).maxAgeSeconds).toBe(900);
  });

  type Row = readonly [string, Readonly<Record<string, string>>, IntentOptions, string | undefined];
  test.for<Row>([
    ["all modes of s3up's backend", ours, page, "multipart"],
    ["the one that asks most", { ...ours, MODES: "put, post" }, page, "put"],
    ["forms", { ...ours, MODES: "post" }, page, "post"],
    ["what the user says", ours, { ...page, mode: "put" }, "put"],
    ["nothing where no browser was spoken of", ours, {}, undefined],
    ["nothing of another's backend", { MODES: "put" }, page, undefined],
  ])("says the mode: %s", ([, environment, options, mode]) => {
    expect(intentFrom(options, behind(environment)).mode).toBe(mode);
  });

  test("says which headers s3up's backend signs", () => {
    expect(intentFrom({}, behind(ours)).signedHeaders).toContain("if-none-match");
    expect(intentFrom({ signedHeaders: ["Content-Type"] }, behind(ours)).signedHeaders).toEqual(["content-type"]);
  });
});
