/** Shell patterns: `*`, `?`, `[a-z]`, `[!a-z]`, and a backslash before what is meant literally. */

export interface PatternKind {
  /** True as in `--exclude`, false as in a shell, where `**` stands for any number of directories. */
  readonly starMatchesSlash: boolean;
}

export function hasMagic(text: string): boolean {
  return /[*?[]/.test(text);
}

/** @returns whether a whole name matches */
export function namePattern(pattern: string, { starMatchesSlash }: PatternKind): (name: string) => boolean {
  const any = starMatchesSlash ? "[\\s\\S]" : "[^/]";
  let source = "";
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at);
    const [token, regex] = nextToken(rest, any, starMatchesSlash);
    source += regex;
    at += token.length;
  }
  const compiled = new RegExp(`^${source}$`, "u");
  return (name) => compiled.test(name);
}

function nextToken(rest: string, any: string, starMatchesSlash: boolean): readonly [string, string] {
  const stars = /^\*+/.exec(rest)?.[0];
  if (stars !== undefined) {
    if (starMatchesSlash || stars.length === 1) return [stars, `${any}*`];
    return rest[stars.length] === "/" ? [`${stars}/`, "(?:[\\s\\S]*/)?"] : [stars, "[\\s\\S]*"];
  }
  if (rest.startsWith("?")) return ["?", any];
  const escaped = /^\\([\s\S])/u.exec(rest);
  if (escaped !== null) return [escaped[0], literal(escaped[1] ?? "")];
  // A closing bracket that comes first belongs to the set.
  const set = /^\[([!^]?)(\]?[^\]]*)\]/u.exec(rest);
  if (set !== null && set[2] !== "") return [set[0], setOf(set[1] !== "", set[2] ?? "", starMatchesSlash)];
  const [sign = ""] = rest;
  return [sign, literal(sign)];
}

function setOf(negated: boolean, members: string, starMatchesSlash: boolean): string {
  const ranges = [...members.matchAll(/([\s\S])-([\s\S])|([\s\S])/gu)].flatMap(([, from, to, one]) => {
    if (one !== undefined) return [literal(one)];
    // A range that runs backwards holds nothing.
    return from !== undefined && to !== undefined && from <= to ? [`${literal(from)}-${literal(to)}`] : [];
  });
  const inside = ranges.join("");
  const slash = starMatchesSlash ? "" : "(?!/)";
  if (inside === "") return negated ? `${slash}[\\s\\S]` : "(?!)";
  return `${slash}[${negated ? "^" : ""}${inside}]`;
}

function literal(sign: string): string {
  return sign.replace(
    /[\\^$.*+?()[\]{}|/-]/g,
    (special) => `\\x${special.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
