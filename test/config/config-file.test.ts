import { describe, expect, test } from "vitest";
import { parseConfig } from "../../src/config/config-file.ts";

const found = { path: "/project/s3up.config.json", named: false };

test("settings are taken as they stand", () => {
  const settings = {
    $schema: "./schema.json",
    endpoint: "https://api.example.com/presign",
    partSize: "16MiB",
    verify: true,
  };
  expect(parseConfig(JSON.stringify(settings), found)).toEqual(settings);
});

describe("a file that cannot be used", () => {
  test.for<[string, string, string]>([
    ["is no JSON", "{", "It is not JSON."],
    ["is no object", "3", '"the document" should be Object and is 3.'],
    ["is a list", "[]", "It is a list, not an object."],
    ["has an unknown setting", '{"partSise":"16MiB"}', 'There is no setting "partSise".'],
    ["has a secret", '{"token":"t"}', 'There is no setting "token".'],
    [
      "accepts a finding without saying why",
      '{"suppressions":[{"rule":"versioning","expires":"2027-03-31"}]}',
      '"suppressions.0.reason" is missing.',
    ],
    [
      "accepts a finding in words of its own",
      '{"suppressions":[{"rule":"versioning","reason":"r","until":"2027-03-31"}]}',
      'There is no setting "suppressions.0.until".',
    ],
    ["has a value of another kind", '{"verify":"yes"}', '"verify" should be boolean and is "yes".'],
  ])("%s", ([, text, why]) => {
    expect(() => parseConfig(text, found)).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", message: "/project/s3up.config.json cannot be used.", why }),
    );
  });
});

describe("a setting that runs a program", () => {
  const text = '{"tokenCommand":"print-token"}';

  test("is not taken from a file that was only found", () => {
    expect(() => parseConfig(text, found)).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", message: "/project/s3up.config.json sets tokenCommand." }),
    );
  });

  test("is taken from a file that the user named", () => {
    expect(parseConfig(text, { ...found, named: true })).toEqual({ tokenCommand: "print-token" });
  });
});
