import { describe, expect, test } from "vitest";
import { readUploadToken, signUploadToken, type UploadClaims } from "../../src/backend/upload-token.ts";

const now = new Date("2026-03-01T12:00:00Z");
const issuedAt = now.getTime() / 1000;
const claims: UploadClaims = {
  bucket: "drop",
  key: "uploads/a b/ü.bin",
  uploadId: "up",
  size: 40,
  partSize: 16,
  contentType: "video/mp4",
  checksumAlgorithm: "CRC32",
  oneTime: true,
  subjectHash: undefined,
  issuedAt,
  expiresAt: issuedAt + 60,
};
const check = { secrets: ["new", "old"], bucket: "drop", subjectHash: undefined, now };

test("what was signed is read back", () => {
  expect(readUploadToken(signUploadToken(claims, "new"), check)).toEqual(claims);
  const mine = { ...claims, subjectHash: "abc" };
  expect(readUploadToken(signUploadToken(mine, "new"), { ...check, subjectHash: "abc" })).toEqual(mine);
});

test("fits into a URL and a header", () => {
  expect(signUploadToken(claims, "new")).toMatch(/^[\w-]+\.[\w-]{43}$/);
});

test("a rotation ends no upload: the previous secret is still accepted, a forgotten one is not", () => {
  expect(readUploadToken(signUploadToken(claims, "old"), check)).toEqual(claims);
  expect(() => readUploadToken(signUploadToken(claims, "older"), check)).toThrow(
    expect.objectContaining({ code: "invalid_token" }),
  );
});

describe("refused", () => {
  const token = signUploadToken(claims, "new");
  const [payload = "", mac = ""] = token.split(".");
  const lastDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  test("any change of any digit", () => {
    for (let at = 0; at < token.length; at += 1) {
      const changed = `${token.slice(0, at)}${token[at] === "A" ? "B" : "A"}${token.slice(at + 1)}`;
      expect(() => readUploadToken(changed, check), `digit ${at}`).toThrow(
        expect.objectContaining({ code: "invalid_token" }),
      );
    }
  });

  test("another spelling of the same signature", () => {
    const spellings = [...lastDigits].map((digit) => `${payload}.${mac.slice(0, -1)}${digit}`);
    expect(spellings.filter((text) => isAccepted(text))).toEqual([token]);
  });

  test.for<readonly [string, Partial<typeof check>, code: string]>([
    ["no secret at all", { secrets: [] }, "invalid_token"],
    ["another bucket", { bucket: "other" }, "invalid_token"],
    ["a caller where there was none", { subjectHash: "abc" as never }, "token_subject_mismatch"],
    ["its last second", { now: new Date((issuedAt + 60) * 1000) }, "token_expired"],
  ])("%s", ([, change, code]) => {
    expect(() => readUploadToken(token, { ...check, ...change })).toThrow(expect.objectContaining({ code }));
  });

  test("a token of another version", () => {
    const old = { ...claims, size: undefined } as unknown as UploadClaims;
    expect(isAccepted(signUploadToken(old, "new"))).toBe(false);
  });

  test("a token of a megabyte, without reading it", () => {
    expect(isAccepted(`${"a".repeat(1_000_000)}.${mac}`)).toBe(false);
  });

  function isAccepted(text: string): boolean {
    try {
      readUploadToken(text, check);
      return true;
    } catch {
      return false;
    }
  }
});
