import { expect, test } from "vitest";
import { quoteAnswer } from "../../src/http/answer-text.ts";

const escapeSign = String.fromCharCode(27);

test.for([
  ["a sentence", "The file is too large.", "The file is too large."],
  ["line breaks", "one\r\ntwo\tthree", "one two three"],
  ["terminal commands", `${escapeSign}[2J${escapeSign}]0;owned\u0007gone`, "[2J ]0;owned gone"],
  ["text that runs backwards", "abc\u202edef", "abc def"],
  ["an address", "see https://s3.test/k?X-Amz-Signature=abc for it", "see (address left out) for it"],
  ["a token", `token ${"A1b2".repeat(20)} is bad`, "token (left out) is bad"],
  ["a long text", "word ".repeat(100), `${"word ".repeat(40).slice(0, 199)}…`],
] as const)("%s", ([, text, expected]) => {
  expect(quoteAnswer(text)).toBe(expected);
});
