import { describe, expect, test } from "vitest";
import { hasMagic, namePattern } from "../../src/upload/name-pattern.ts";

describe("a pattern as a shell has it", () => {
  test.for<[string, string, boolean]>([
    ["*.jpg", "a.jpg", true],
    ["*.jpg", "d/a.jpg", false],
    ["*.jpg", ".jpg", true],
    ["**/*.jpg", "a.jpg", true],
    ["**/*.jpg", "d/e/a.jpg", true],
    ["d/**/a", "d/a", true],
    ["d/**/a", "da", false],
    ["d/**", "d/e/f", true],
    ["?", "/", false],
    ["[a-c]", "b", true],
    ["[!a-c]", "b", false],
    ["[!a]", "/", false],
    ["[]]", "]", true],
    ["[a-]", "-", true],
    ["[z-a]", "b", false],
    ["[", "[", true],
    ["[]", "[]", true],
    ["a\\*b", "a*b", true],
    ["a\\*b", "axb", false],
    ["a.c", "abc", false],
    ["a+(b)|{c}^$", "a+(b)|{c}^$", true],
    ["?", "\u{1F600}", true],
    ["*", "line\nbreak", true],
  ])("%s and %s: %s", ([pattern, name, matches]) => {
    expect(namePattern(pattern, { starMatchesSlash: false })(name)).toBe(matches);
  });
});

test.for([
  ["a*", true],
  ["a?", true],
  ["[1].jpg", true],
  ["plain (1).jpg", false],
] as const)("%s may be a pattern: %s", ([text, magic]) => {
  expect(hasMagic(text)).toBe(magic);
});
