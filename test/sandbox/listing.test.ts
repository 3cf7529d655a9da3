import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ListingQuery, listKeys } from "../../src/sandbox/listing.ts";
import { sortByBytes } from "../../src/sandbox/object-store.ts";

const all: ListingQuery = { prefix: "", delimiter: "", after: "", limit: 1000 };
const keys = sortByBytes(["a", "b/1", "b/2", "b/c/3", "b-", "c"]);

describe("listKeys", () => {
  test.for([
    ["all", {}, ["a", "b-", "b/1", "b/2", "b/c/3", "c"], []],
    ["below a prefix", { prefix: "b/" }, ["b/1", "b/2", "b/c/3"], []],
    ["rolled up", { delimiter: "/" }, ["a", "b-", "c"], ["b/"]],
    ["rolled up below a prefix", { prefix: "b/", delimiter: "/" }, ["b/1", "b/2"], ["b/c/"]],
    ["after a key", { after: "b/1" }, ["b/2", "b/c/3", "c"], []],
    ["after a common prefix", { after: "b/", delimiter: "/" }, ["c"], []],
    ["with a delimiter of several characters", { delimiter: "/c" }, ["a", "b-", "b/1", "b/2", "c"], ["b/c"]],
    ["none for a prefix that nothing has", { prefix: "x" }, [], []],
  ] as const)("%s", ([, query, expectedKeys, commonPrefixes]) => {
    expect(listKeys(keys, { ...all, ...query })).toEqual({ keys: expectedKeys, commonPrefixes, next: undefined });
  });

  test("an empty page that was asked for is not the beginning of a longer list", () => {
    expect(listKeys(keys, { ...all, limit: 0 })).toEqual({ keys: [], commonPrefixes: [], next: undefined });
  });

  test("pages together are the whole list, each key or prefix once, for any keys", () => {
    const key = fc.string({ unit: fc.constantFrom("a", "b", "/", "~", "\u{1F389}"), minLength: 1, maxLength: 5 });
    const query = fc.record({
      prefix: fc.constantFrom("", "a", "a/"),
      delimiter: fc.constantFrom("", "/"),
      limit: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(key), query, (unsorted, { prefix, delimiter, limit }) => {
        const sorted = sortByBytes(unsorted);
        const found: string[] = [];
        let after: string | undefined = "";
        while (after !== undefined) {
          const page = listKeys(sorted, { prefix, delimiter, after, limit });
          expect(page.keys.length + page.commonPrefixes.length).toBeLessThanOrEqual(limit);
          found.push(...page.keys, ...page.commonPrefixes);
          after = page.next;
        }
        expect(found.toSorted()).toEqual(expectedEntries(sorted, prefix, delimiter).toSorted());
      }),
    );
  });
});

/** The same without pages, sorting or searching. */
function expectedEntries(sorted: readonly string[], prefix: string, delimiter: string): string[] {
  const entries = sorted
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
      return end < 0 ? key : key.slice(0, end + delimiter.length);
    });
  return [...new Set(entries)];
}
