import { type JsonBounds, type JsonMember, type JsonNode, memberPath, POLICY_BOUNDS, positionOf } from "./json-node.ts";
import { PolicyError } from "./policy-error.ts";

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
/** Everything of a string up to an escape, the closing quote or a control character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them inside strings
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/**
 * Reads JSON (RFC 8259) and keeps positions. Unlike `JSON.parse` it refuses an object with two members of one name: which of
 * them counts is up to the reader, and a policy must mean one thing.
 *
 * @throws PolicyError with line and column.
 */
export function readJsonText(text: string, bounds: JsonBounds = POLICY_BOUNDS): JsonNode {
  if (text.length > bounds.characters) throw new PolicyError("is larger than any policy that AWS stores", "");
  return new JsonReader(text, bounds.depth).document();
}

class JsonReader {
  private readonly text: string;
  private readonly maxDepth: number;
  private at = 0;

  constructor(text: string, maxDepth: number) {
    this.text = text;
    this.maxDepth = maxDepth;
  }

  document(): JsonNode {
    this.skipSpace();
    if (this.at === this.text.length) this.refuse("is empty", "");
    const node = this.value("", 0);
    this.skipSpace();
    if (this.at < this.text.length) this.refuse("more text follows after the end of the document", "");
    return node;
  }

  private value(path: string, depth: number): JsonNode {
    if (depth > this.maxDepth) this.refuse("is nested deeper than any policy", path);
    const offset = this.at;
    const first = this.text[this.at];
    if (first === "{") return this.object(path, depth);
    if (first === "[") return this.array(path, depth);
    if (first === '"') return { kind: "string", value: this.string(path), offset };
    if (this.word("true")) return { kind: "boolean", value: true, offset };
    if (this.word("false")) return { kind: "boolean", value: false, offset };
    if (this.word("null")) return { kind: "null", offset };
    return this.number(path);
  }

  private object(path: string, depth: number): JsonNode {
    const offset = this.at;
    const members: JsonMember[] = [];
    const names = new Set<string>();
    this.at++;
    this.skipSpace();
    while (!this.take("}")) {
      if (members.length > 0) this.expect(",", path, 'a comma or "}"');
      this.skipSpace();
      const nameOffset = this.at;
      if (this.text[this.at] !== '"') this.refuse(`a member name in quotes is expected, not ${this.found()}`, path);
      const name = this.string(path);
      if (names.has(name)) this.refuse("the member is there twice", memberPath(path, name), nameOffset);
      names.add(name);
      this.skipSpace();
      this.expect(":", memberPath(path, name), "a colon");
      this.skipSpace();
      members.push({ name, value: this.value(memberPath(path, name), depth + 1), offset: nameOffset });
      this.skipSpace();
    }
    return { kind: "object", members, offset };
  }

  private array(path: string, depth: number): JsonNode {
    const offset = this.at;
    const items: JsonNode[] = [];
    this.at++;
    this.skipSpace();
    while (!this.take("]")) {
      if (items.length > 0) this.expect(",", path, 'a comma or "]"');
      this.skipSpace();
      items.push(this.value(`${path}[${items.length}]`, depth + 1));
      this.skipSpace();
    }
    return { kind: "array", items, offset };
  }

  private string(path: string): string {
    const offset = this.at;
    this.at++;
    let value = "";
    for (;;) {
      PLAIN.lastIndex = this.at;
      value += PLAIN.exec(this.text)?.[0] ?? "";
      this.at = PLAIN.lastIndex;
      if (this.take('"')) return value;
      if (this.at >= this.text.length) this.refuse("a string is not closed", path, offset);
      if (this.text[this.at] !== "\\") this.refuse("a control character stands inside a string", path);
      value += this.escape(path);
    }
  }

  private escape(path: string): string {
    const letter = this.text[this.at + 1] ?? "";
    const plain = ESCAPES[letter];
    if (plain !== undefined && Object.hasOwn(ESCAPES, letter)) {
      this.at += 2;
      return plain;
    }
    const digits = this.text.slice(this.at + 2, this.at + 6);
    if (letter !== "u" || !/^[0-9a-fA-F]{4}$/.test(digits)) this.refuse("an escape in a string is not valid", path);
    this.at += 6;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  private number(path: string): JsonNode {
    const offset = this.at;
    NUMBER.lastIndex = this.at;
    const text = NUMBER.exec(this.text)?.[0];
    if (text === undefined) this.refuse(`a JSON value is expected, not ${this.found()}`, path);
    this.at += text.length;
    return { kind: "number", text, offset };
  }

  private word(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private expect(character: string, path: string, what: string): void {
    if (!this.take(character)) this.refuse(`${what} is expected, not ${this.found()}`, path);
  }

  private skipSpace(): void {
    while (isSpace(this.text.charCodeAt(this.at))) this.at++;
  }

  private found(): string {
    return this.at < this.text.length ? JSON.stringify(this.text[this.at]) : "the end of the text";
  }

  private refuse(problem: string, path: string, offset = this.at): never {
    throw new PolicyError(problem, path, positionOf(this.text, offset));
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
