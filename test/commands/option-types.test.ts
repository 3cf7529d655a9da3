import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  oneOf,
  parseBytes,
  parseChecksum,
  parseChecksumWish,
  parseConcurrency,
  parseDuration,
  parsePairs,
  parseSwitch,
  parseTimeout,
  parseUrl,
  wholeNumber,
} from "../../src/commands/option-types.ts";

describe("a good value", () => {
  test.for<[(text: string) => unknown, string, unknown]>([
    [parseBytes, "0", 0],
    [parseBytes, "5242880", 5_242_880],
    [parseBytes, "16MiB", 16 * 1024 ** 2],
    [parseBytes, "16mib", 16 * 1024 ** 2],
    [parseBytes, "16M", 16 * 1024 ** 2],
    [parseBytes, "16MB", 16_000_000],
    [parseBytes, "900k", 900 * 1024],
    [parseBytes, "1.5 GiB", 1.5 * 1024 ** 3],
    [parseBytes, "5TiB", 5 * 1024 ** 4],
    [parseDuration, "900", 900],
    [parseDuration, "45s", 45],
    [parseDuration, "15m", 900],
    [parseDuration, "12h", 43_200],
    [parseDuration, "7d", 604_800],
    [parseDuration, "0.5h", 1800],
    [parseTimeout, "30s", 30_000],
    [parseTimeout, "30", 30_000],
    [parseTimeout, "500ms", 500],
    [parseTimeout, "1.5s", 1500],
    [parseTimeout, "2m", 120_000],
    [wholeNumber(1, 100), "7", 7],
    [parseConcurrency, "auto", "auto"],
    [parseConcurrency, "32", 32],
    [oneOf(["put", "get"]), "PUT", "put"],
    [parseChecksum, "crc32=NSRBwg==", { algorithm: "CRC32", value: "NSRBwg==" }],
    [parseChecksumWish, "sha256", { kind: "compute", algorithm: "SHA256" }],
    [parseChecksumWish, "none", { kind: "compute", algorithm: undefined }],
    [parseChecksumWish, "crc32=NSRBwg==", { kind: "given", checksum: { algorithm: "CRC32", value: "NSRBwg==" } }],
    [parsePairs, "project=apollo", { project: "apollo" }],
    [parsePairs, "a=1, b=2=3", { a: "1", b: "2=3" }],
    [parsePairs, "empty=", { empty: "" }],
    [parseSwitch, "TRUE", true],
    [parseSwitch, "0", false],
    [parseUrl, "https://api.example.com/presign", "https://api.example.com/presign"],
  ])("%o of %j", ([parse, text, value]) => {
    expect(parse(text)).toEqual(value);
  });

  test("pairs of repeated options add up, and the later wins", () => {
    expect(parsePairs("b=3,c=4", parsePairs("a=1,b=2"))).toEqual({ a: "1", b: "3", c: "4" });
  });
});

describe("a bad value is refused with a good one", () => {
  test.for<[(text: string) => unknown, string, string]>([
    [parseBytes, "", "16MiB"],
    [parseBytes, "-1", "16MiB"],
    [parseBytes, "8 parts", "16MiB"],
    [parseBytes, "1e9", "16MiB"],
    [parseBytes, "99999999TiB", "16MiB"],
    [parseDuration, "0", "15m"],
    [parseDuration, "15min", "15m"],
    [parseDuration, "1.5s", "15m"],
    [parseTimeout, "0", "30s"],
    [parseTimeout, "2h", "30s"],
    [wholeNumber(1, 100), "101", "from 1 to 100"],
    [wholeNumber(1, 100), "1.5", "from 1 to 100"],
    [parseConcurrency, "0", "from 1 to 256"],
    [oneOf(["put", "get"]), "post", "put, get"],
    [parseChecksum, "md5=NSRBwg==", "crc32=NSRBwg=="],
    [parseChecksum, "sha256=NSRBwg==", "44 characters"],
    [parseChecksum, "crc32=NSRBw", "base64"],
    [parseChecksumWish, "sha512", "sha256"],
    [parsePairs, "project", "project=apollo"],
    [parsePairs, "=apollo", "project=apollo"],
    [parseSwitch, "perhaps", "true or false"],
    [parseUrl, "api.example.com/presign", "https://"],
    [parseUrl, "ftp://example.com", "https://"],
    [parseUrl, "https://user:pass@example.com/", "out of the address"],
  ])("%o of %j", ([parse, text, goodValue]) => {
    expect(() => parse(text)).toThrow(goodValue);
  });
});

test("whatever the text, bytes are a safe whole number or refused", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{1,20}(\.\d{1,5})? ?[a-zA-Z]{0,3}$/)), (text) => {
      let bytes: number;
      try {
        bytes = parseBytes(text);
      } catch {
        return;
      }
      expect(Number.isSafeInteger(bytes) && bytes >= 0).toBe(true);
    }),
  );
});
