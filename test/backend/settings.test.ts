import { describe, expect, test } from "vitest";
import { backendSettings, type Environment, settingTable } from "../../src/backend/settings.ts";
import { S3upError } from "../../src/errors.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const good: Environment = { BUCKET: "drop", AUTH: "none", TOKEN_SECRET: SECRET };
const KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const MiB = 1024 ** 2;

test("what is not set has its default", () => {
  expect(backendSettings(good)).toEqual({
    bucket: "drop",
    auth: "none",
    keyPrefix: "uploads",
    modes: ["put", "post", "multipart"],
    maxSize: 5 * 1024 * MiB,
    multipartThreshold: 16 * MiB,
    partSize: 16 * MiB,
    maxBatch: 200,
    expiresIn: { default: 300, max: 900 },
    contentTypes: ["*/*"],
    putChecksums: ["SHA256", "CRC32"],
    requireSize: false,
    overwrite: "never",
    tokenSecrets: [SECRET],
    tokenKey: undefined,
    tokenLife: 86_400,
    idempotentCreate: false,
  });
});

describe("what is set", () => {
  test.for<readonly [Environment, object]>([
    [{ MAX_SIZE: "1000" }, { maxSize: 1000 }],
    [{ MAX_SIZE: "10MiB" }, { maxSize: 10 * MiB }],
    [{ MAX_SIZE: " 1 gib " }, { maxSize: 1024 * MiB }],
    [{ KEY_PREFIX: "team/a-b_c/" }, { keyPrefix: "team/a-b_c" }],
    [{ ALLOWED_CONTENT_TYPES: "image/*, Application/PDF ,image/*" }, { contentTypes: ["image/*", "application/pdf"] }],
    [{ MODES: "put" }, { modes: ["put"] }],
    [{ MODES: "put,post", TOKEN_SECRET: "" }, { tokenSecrets: [] }],
    [{ REQUIRE_SIZE: "TRUE" }, { requireSize: true }],
    [{ TOKEN_SECRET_PREVIOUS: `${SECRET}-old` }, { tokenSecrets: [SECRET, `${SECRET}-old`] }],
    [
      { TOKEN_SECRET: "", TOKEN_KEY: KEY_ARN, IDEMPOTENT_CREATE: "true" },
      { tokenSecrets: [], tokenKey: { arn: KEY_ARN, generation: 1 } },
    ],
    [
      { TOKEN_SECRET: undefined, TOKEN_KEY: KEY_ARN, TOKEN_KEY_GENERATION: "3" },
      { tokenKey: { arn: KEY_ARN, generation: 3 } },
    ],
    [{ EXPIRES_IN_DEFAULT: "60", EXPIRES_IN_MAX: "60" }, { expiresIn: { default: 60, max: 60 } }],
    [
      { BUCKET: "arn:aws:s3:eu-west-1:123456789012:accesspoint/ap" },
      { bucket: "arn:aws:s3:eu-west-1:123456789012:accesspoint/ap" },
    ],
    [{ MAX_SIZE: "" }, { maxSize: 5 * 1024 * MiB }],
  ])("%j", ([env, settings]) => {
    expect(backendSettings({ ...good, ...env })).toMatchObject(settings);
  });
});

describe("refused, with the name of the variable and what is wrong", () => {
  test.for<readonly [Environment, fault: string]>([
    [{ BUCKET: undefined }, "BUCKET is missing"],
    [{ BUCKET: "Drop" }, "BUCKET is not the name of a bucket"],
    [{ AUTH: undefined }, "AUTH is missing"],
    [{ AUTH: "basic" }, "AUTH is not one of none, jwt, iam"],
    [{ KEY_PREFIX: "a/../b" }, "KEY_PREFIX is not a prefix"],
    [{ KEY_PREFIX: "/" }, "KEY_PREFIX is not a prefix"],
    [{ KEY_PREFIX: "a//b" }, "KEY_PREFIX is not a prefix"],
    [{ KEY_PREFIX: "a/*" }, "KEY_PREFIX is not a prefix"],
    [{ KEY_PREFIX: "a$\u007bb}" }, "KEY_PREFIX is not a prefix"],
    [{ MAX_SIZE: "5 GB" }, "MAX_SIZE is not a size such as 16777216 or 16MiB"],
    [{ MAX_SIZE: "0" }, "MAX_SIZE is 0; it must be from 1 to"],
    [{ MAX_SIZE: "-1" }, "MAX_SIZE is not a size"],
    [{ MAX_SIZE: "100TiB" }, "MAX_SIZE is 109951162777600; it must be from 1 to 53687091200000 bytes"],
    [{ PART_SIZE: "1MiB" }, "PART_SIZE is 1048576; it must be from 5242880 to 5368709120 bytes"],
    [{ MAX_BATCH: "5.5" }, "MAX_BATCH is not a whole number"],
    [{ MAX_BATCH: "1e3" }, "MAX_BATCH is not a whole number"],
    [{ EXPIRES_IN_MAX: "604800" }, "EXPIRES_IN_MAX is 604800; it must be from 1 to 43200 seconds"],
    [{ EXPIRES_IN_DEFAULT: "901" }, "EXPIRES_IN_DEFAULT is more than EXPIRES_IN_MAX"],
    [
      { ALLOWED_CONTENT_TYPES: "image" },
      'ALLOWED_CONTENT_TYPES has "image", which is neither a media type nor a pattern',
    ],
    [{ ALLOWED_CONTENT_TYPES: "*/png" }, 'ALLOWED_CONTENT_TYPES has "*/png"'],
    [{ ALLOWED_CONTENT_TYPES: "," }, "ALLOWED_CONTENT_TYPES names nothing"],
    [{ MODES: "put,patch" }, "MODES is not one of put, post, multipart"],
    [{ REQUIRE_SIZE: "yes" }, "REQUIRE_SIZE is neither true nor false"],
    [{ OVERWRITE: "always" }, "OVERWRITE is not one of never, allowed"],
    [{ TOKEN_SECRET: "short" }, "TOKEN_SECRET has fewer than 32 characters"],
    [{ TOKEN_SECRET: undefined }, "TOKEN_SECRET is missing (MODES has multipart)"],
    [
      { TOKEN_SECRET: undefined, MODES: "put", IDEMPOTENT_CREATE: "true" },
      "TOKEN_SECRET is missing (IDEMPOTENT_CREATE needs it)",
    ],
    [{ TOKEN_SECRET_PREVIOUS: SECRET }, "TOKEN_SECRET_PREVIOUS is the same as TOKEN_SECRET"],
    [{ TOKEN_KEY: "alias/tokens" }, "TOKEN_KEY is not the ARN of a KMS key"],
    [{ TOKEN_KEY: KEY_ARN }, "TOKEN_KEY is set beside a TOKEN_SECRET"],
    [{ TOKEN_KEY: KEY_ARN, TOKEN_KEY_GENERATION: "0" }, "TOKEN_KEY_GENERATION is 0; it must be from 1 to"],
  ])("%j", ([env, fault]) => {
    expect(() => backendSettings({ ...good, ...env })).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", why: expect.stringContaining(fault) }),
    );
  });

  test("all faults at once, and never the value of a secret", () => {
    try {
      backendSettings({ BUCKET: "X", AUTH: "x", TOKEN_SECRET: "hunter2", MAX_SIZE: "x" });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(S3upError);
      const { why = "" } = error as S3upError;
      for (const name of ["BUCKET", "AUTH", "TOKEN_SECRET", "MAX_SIZE"]) expect(why).toContain(name);
      expect(why).not.toContain("hunter2");
    }
  });
});

test("every default in the table is itself a value that is accepted", () => {
  for (const { name, fallback, parse } of Object.values(settingTable)) {
    if (fallback !== undefined) expect(() => (parse as (text: string) => unknown)(fallback), name).not.toThrow();
  }
});
