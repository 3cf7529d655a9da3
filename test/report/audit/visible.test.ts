import { expect, test } from "vitest";
import { visibleLine, visibleLines } from "../../../src/report/audit/visible.ts";

test.for([
  ["keeps text of any language", "Bücket 桶 🪣", "Bücket 桶 🪣"],
  ["puts a line break into a space", " a \r\n\n b ", "a b"],
  ["shows an escape sequence", "a\u001b[31mb", "a\\u001b[31mb"],
  ["shows a turned direction", "a\u202eb", "a\\u202eb"],
  ["shows a tab", "a\tb", "a\\u0009b"],
  ["shows a separator of lines", "a\u2028b", "a\\u2028b"],
  ["shows an invisible sign outside the first plane", "a\u{e0041}b", "a\\u{e0041}b"],
  ["shows half of a pair", "a\ud800b", "a\\ud800b"],
] as const)("one line %s", ([, text, shown]) => {
  expect(visibleLine(text)).toBe(shown);
});

test("several lines keep their breaks and tabs, and nothing else that cannot be seen", () => {
  expect(visibleLines("\na\r\n\tb\rc\u0007\n")).toBe("a\n\tb\\u000dc\\u0007");
});
