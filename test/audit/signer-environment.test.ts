import { describe, expect, test } from "vitest";
import { isTellingVariable, tellingVariables } from "../../src/audit/signer-environment.ts";

describe("variables that say how long, where and for whom is signed", () => {
  test.for([
    "EXPIRES_IN",
    "EXPIRES_IN_MAX",
    "EXPIRATION",
    "URL_EXPIRY_SECONDS",
    "URL_TTL",
    "MAX_AGE",
    "presignLifetime",
    "BUCKET",
    "UPLOAD_BUCKET_NAME",
    "bucketName",
    "KEY_PREFIX",
    "UPLOAD_FOLDER",
    "ALLOWED_ORIGINS",
    "MODES",
    "OVERWRITE",
    "AUTH",
  ])("%s is kept", (name) => {
    expect(isTellingVariable(name)).toBe(true);
  });

  test.for([
    "TOKEN_SECRET",
    "TOKEN_LIFE",
    "SECRET_TTL",
    "API_KEY",
    "API_KEY_EXPIRES",
    "apiKey",
    "SIGNING_KEY_AGE",
    "ACCESS_KEY_ID",
    "BUCKET_ACCESS_KEY",
    "DB_PASSWORD",
    "PASSWORD_MAX_AGE",
    "SESSION_DURATION",
    "AWS_SESSION_TOKEN",
    "DATABASE_URL",
    "NODE_OPTIONS",
    "",
  ])("%s is not", (name) => {
    expect(isTellingVariable(name)).toBe(false);
  });
});

test("an address with a password in it is left out whatever its name", () => {
  const environment = { ALLOWED_ORIGINS: "https://me:hunter2@app.example", BUCKET: "drop", STRIPE: "sk_live_1" };
  expect(tellingVariables(environment)).toEqual({ BUCKET: "drop" });
});
