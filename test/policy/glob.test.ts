import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Budget } from "../../src/policy/budget.ts";
import { exampleOf, glob, matches } from "../../src/policy/glob.ts";
import { isSubset, overlaps, witness } from "../../src/policy/glob-search.ts";
import { patternGlob } from "../../src/policy/policy-pattern.ts";
import { variable } from "../support/policy-documents.ts";

const few = { numRuns: 400 };
/** Few letters, so that patterns meet. */
const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 7 });
const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 });
const language = fc.array(pattern, { minLength: 1, maxLength: 4 });

/** The definition, without any cleverness. */
function naive(patternText: string, value: string): boolean {
  const [first, ...rest] = patternText;
  if (first === undefined) return value === "";
  const others = rest.join("");
  if (first === "*")
    return Array.from({ length: value.length + 1 }, (_, from) => from).some((from) => naive(others, value.slice(from)));
  return value !== "" && (first === "?" || first === value[0]) && naive(others, value.slice(1));
}

/** Every string of up to four letters: enough to contradict a wrong "never". */
const shortStrings = ["a", "b", "c"].reduce<string[]>(
  (all) => [...all, ...all.flatMap((one) => ["a", "b", "c"].map((letter) => one + letter))],
  [""],
);

describe("matches", () => {
  test("as the definition says", () => {
    fc.assert(
      fc.property(pattern, text, (one, value) => {
        expect(matches(glob(one), value, new Budget())).toBe(naive(one, value));
      }),
      few,
    );
  });

  test.for<[string, string, boolean]>([
    ["arn:aws:s3:::drop/*", "arn:aws:s3:::drop/", true],
    ["arn:aws:s3:::drop/*", "arn:aws:s3:::drop", false],
    ["arn:aws:s3:::dro?", "arn:aws:s3:::drop", true],
    ["?", "😀", true],
    ["a.c", "abc", false],
    ["[ab]", "a", false],
    ["A", "a", false],
    ["", "", true],
  ])("%s and %s: %s", ([one, value, expected]) => {
    expect(matches(glob(one), value, new Budget())).toBe(expected);
  });

  test("an example of a pattern matches it", () => {
    fc.assert(
      fc.property(pattern, (one) => naive(one, exampleOf(glob(one)))),
      few,
    );
  });
});

describe("decides on languages", () => {
  test("a witness is in all of the wanted and none of the unwanted sets, and no shorter string is", () => {
    fc.assert(
      fc.property(
        fc.array(language, { minLength: 1, maxLength: 3 }),
        fc.array(language, { maxLength: 3 }),
        (within, outside) => {
          const found = witness(
            { within: within.map((set) => set.map(glob)), outside: outside.map((set) => set.map(glob)) },
            new Budget(),
          );
          const fits = (value: string): boolean =>
            within.every((set) => set.some((one) => naive(one, value))) &&
            !outside.some((set) => set.some((one) => naive(one, value)));
          if (found !== undefined) expect(fits(found)).toBe(true);
          const shorter = shortStrings
            .filter((value) => found === undefined || value.length < found.length)
            .filter(fits);
          expect(shorter).toEqual([]);
        },
      ),
      few,
    );
  });

  test.for<[string[], string[], "yes" | "no"]>([
    [["arn:aws:s3:::drop/uploads/*"], ["arn:aws:s3:::drop/*"], "yes"],
    [["arn:aws:s3:::drop/*"], ["arn:aws:s3:::drop/uploads/*"], "no"],
    [["arn:aws:s3:::drop*"], ["arn:aws:s3:::drop", "arn:aws:s3:::drop/*"], "no"],
    [["a*"], ["a", "a?*"], "yes"],
    [["*"], ["*a*", "*b*"], "no"],
    [["?*"], ["a*", "b*"], "no"],
    [["*?"], ["?*"], "yes"],
    [["a**b"], ["a*b"], "yes"],
    [[], ["a"], "yes"],
    [["a"], [], "no"],
  ])("%j within %j: %s", ([inner, outer, expected]) => {
    expect(isSubset(inner.map(glob), outer.map(glob)).answer).toBe(expected);
  });

  test("shows why one set is not within another", () => {
    expect(isSubset([glob("drop*")], [glob("drop"), glob("drop/*")]).counterexample).toBe("dropx");
  });

  test("finds what two sets share", () => {
    expect(overlaps([glob("a*c")], [glob("*b*")])).toEqual({ answer: "yes", example: "abc" });
    expect(overlaps([glob("a*")], [glob("b*")]).answer).toBe("no");
  });

  test("gives up instead of guessing", () => {
    const many = Array.from({ length: 26 }, (_, index) =>
      glob(`*${String.fromCharCode(97 + index)}${"?".repeat(30)}z*`),
    );
    const longWord = glob(`*${"ab".repeat(40)}*`);
    expect(isSubset([glob(`?*${"z*".repeat(60)}`)], [...many, longWord], new Budget(5000)).answer).toBe("unknown");
    expect(overlaps([glob("*a*b")], [glob("a*c*b")], new Budget(10)).answer).toBe("unknown");
  });
});

describe("policy variables", () => {
  test.for<[string, "2012-10-17" | "2008-10-17", "widest" | "narrowest", string, boolean | "nothing"]>([
    [`home/${variable("aws:username")}/*`, "2012-10-17", "widest", "home/bob/x", true],
    [`home/${variable("aws:username")}/*`, "2012-10-17", "narrowest", "home/bob/x", "nothing"],
    [`home/${variable("aws:username")}`, "2008-10-17", "widest", "home/bob", false],
    [`home/${variable("aws:username")}`, "2008-10-17", "widest", `home/${variable("aws:username")}`, true],
    [`a${variable("*")}b`, "2012-10-17", "narrowest", "a*b", true],
    [`a${variable("*")}b`, "2012-10-17", "widest", "axb", false],
    [`a${variable("?")}b`, "2012-10-17", "widest", "axb", false],
    [variable("$"), "2012-10-17", "widest", "$", true],
    ["$" + "{open", "2012-10-17", "widest", "$" + "{open", true],
    [`${variable("aws:PrincipalTag/team, 'none'")}/*`, "2012-10-17", "widest", "red/x", true],
  ])("%s (%s, %s) and %s: %s", ([one, version, breadth, value, expected]) => {
    const compiled = patternGlob(one, version, breadth);
    expect(compiled === undefined ? "nothing" : matches(compiled, value, new Budget())).toBe(expected);
  });
});
