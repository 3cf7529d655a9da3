import { describe, expect, test } from "vitest";
import { keyEncoding, readLimit, readWholeNumber } from "../../../src/sandbox/operations/list-parameters.ts";

describe("readLimit", () => {
  test.for([
    [undefined, 1000],
    ["0", 0],
    ["17", 17],
    ["1001", 1000],
    ["2147483647", 1000],
  ] as const)("%s is %s", ([text, limit]) => {
    expect(readLimit(text, "max-keys")).toBe(limit);
  });

  test.for(["", "many", "1.5", "-1", "2147483648", "99999999999"])("%s is refused", (text) => {
    expect(() => readWholeNumber(text, "max-keys")).toThrow(
      expect.objectContaining({ code: "InvalidArgument", details: { ArgumentName: "max-keys", ArgumentValue: text } }),
    );
  });
});

test("keys are written as they are, or as in a URL", () => {
  const key = "a b/ü+\u0001";
  expect(keyEncoding(new Map())(key)).toBe(key);
  expect(keyEncoding(new Map([["encoding-type", "url"]]))(key)).toBe("a+b/%C3%BC%2B%01");
  expect(() => keyEncoding(new Map([["encoding-type", "xml"]]))).toThrow(
    expect.objectContaining({ code: "InvalidArgument" }),
  );
});
