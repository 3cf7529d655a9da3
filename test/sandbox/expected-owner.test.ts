import { expect, test } from "vitest";
import { checkExpectedOwner } from "../../src/sandbox/expected-owner.ts";

test.for(["x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner"])(
  "%s must be the sandbox's account",
  (name) => {
    expect(() => checkExpectedOwner({ [name]: "000000000000" })).not.toThrow();
    expect(() => checkExpectedOwner({ [name]: "111122223333" })).toThrow(
      expect.objectContaining({ code: "AccessDenied" }),
    );
  },
);

test("nobody has to expect anyone", () => {
  expect(() => checkExpectedOwner({})).not.toThrow();
});
