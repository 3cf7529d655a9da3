import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createNameFilter, type NameFilter } from "../../src/upload/name-filter.ts";

const filter = (text: string): NameFilter => ({
  action: text.startsWith("+") ? "include" : "exclude",
  pattern: text.slice(1),
});

describe("--include and --exclude", () => {
  test.for<[string, readonly string[], readonly string[]]>([
    ["take everything when there are none", [], ["a.txt", ".hidden", "d/b.jpg"]],
    ["leave out what matches", ["-*.txt"], [".hidden", "d/b.jpg"]],
    ["include again what an earlier one left out", ["-*", "+*.jpg"], ["d/b.jpg"]],
    ["leave out what an earlier one included", ["+*.jpg", "-*"], []],
    ["match slashes with a star", ["-d*"], ["a.txt", ".hidden"]],
    ["match the whole name", ["-a", "-b.jpg", "-.txt"], ["a.txt", ".hidden", "d/b.jpg"]],
    ["know one sign and sets of signs", ["-?.txt", "-d/[a-c].jpg"], [".hidden"]],
    ["know sets of other signs", ["-[!.]*"], [".hidden"]],
  ])("%s", ([, filters, expected]) => {
    const accepts = createNameFilter(filters.map(filter));
    expect(["a.txt", ".hidden", "d/b.jpg"].filter(accepts)).toEqual(expected);
  });

  test("decide as a walk through all of them does, the last that matches winning", () => {
    const name = fc.string({ unit: fc.constantFrom("a", "b", "/", "."), maxLength: 6 });
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "/", ".", "*", "?"), maxLength: 5 });
    const filters = fc.array(fc.record({ action: fc.constantFrom("include", "exclude"), pattern }), { maxLength: 6 });
    fc.assert(
      fc.property(name, filters, (text, rules) => {
        let taken = true;
        for (const rule of rules) if (fits(rule.pattern, text)) taken = rule.action === "include";
        expect(createNameFilter(rules as NameFilter[])(text)).toBe(taken);
      }),
    );
  });
});

/** The meaning of a pattern, sign by sign. */
function fits(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  const [first, rest] = [pattern[0], pattern.slice(1)];
  if (first === "*") return fits(rest, text) || (text !== "" && fits(pattern, text.slice(1)));
  return text !== "" && (first === "?" || first === text[0]) && fits(rest, text.slice(1));
}
