/** Text that somebody wrote into a bucket's settings to break whoever prints it. */
import fc from "fast-check";

const fragments = [
  "\n::error title=x::injected",
  "::add-mask::",
  "%0A::warning::",
  "\r\n",
  "\u001b[31mred\u001b[0m",
  "\u001b]0;title\u0007",
  "\u202ednuora",
  "\u200b",
  "\u2028",
  "\ud800",
  "\u0000",
  "\ufffe",
  "]]>",
  "<script>alert(1)</script>",
  "<img src=x onerror=y>",
  "<!--",
  "</details>",
  "</testcase><testcase name='x'/>",
  "&lt;",
  "&#x1f;",
  "[click](https://evil.example)",
  "![x](https://evil.example/x.png)",
  "<https://evil.example>",
  "https://evil.example/a_b",
  "www.evil.example",
  "someone@evil.example",
  "@org/team",
  "# heading",
  "- item",
  "1. one",
  "```",
  "~~~",
  "``",
  " | cell | ",
  "\\",
  "**bold**",
  "$x$",
  "[^1]",
  "{0}",
  "\t",
  "'\"",
];

export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: "binary", maxLength: 6 }), fc.string()), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join(""));
