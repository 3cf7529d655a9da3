/**
 * The blocks at the top of a file in Terraform's language: what each is called and where it begins. Only as much of the language
 * is read as it takes not to be led astray by strings, comments and heredocs.
 */

export interface HclBlock {
  /** `resource`, `data`, `module` … */
  readonly type: string;
  readonly labels: readonly string[];
  /** From 1. */
  readonly line: number;
  /** Of a module, where it is plain text. */
  readonly source: string | undefined;
}

export function hclBlocks(text: string): readonly HclBlock[] {
  return new BlockReader(text).blocks();
}

class BlockReader {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text.replace(/^\uFEFF/, "");
  }

  blocks(): readonly HclBlock[] {
    const found: HclBlock[] = [];
    while (this.#at < this.#text.length) {
      const header = this.#header();
      if (header === undefined) continue;
      found.push({ ...header, source: this.#body() });
    }
    return found;
  }

  /** `resource "type" "name" {`; undefined for anything else, which is skipped. */
  #header(): Omit<HclBlock, "source"> | undefined {
    if (this.#skipped()) return undefined;
    const { line } = { line: this.#line };
    const type = this.#match(/[A-Za-z_][\w-]*/y);
    if (type === undefined) {
      this.#step();
      return undefined;
    }
    const labels: string[] = [];
    for (;;) {
      this.#match(/[ \t]+/y);
      const label = this.#match(/"(?:[^"\\\n]|\\.)*"/y) ?? this.#match(/[A-Za-z_][\w-]*/y);
      if (label === undefined) break;
      labels.push(label.replace(/^"|"$/g, ""));
    }
    this.#match(/\s*(?=\{)/y);
    return this.#match(/\{/y) === undefined ? undefined : { type, labels, line };
  }

  /** Up to the brace that closes the block. Returns what `source = "…"` says in it. */
  #body(): string | undefined {
    let depth = 1;
    let source: string | undefined;
    while (depth > 0 && this.#at < this.#text.length) {
      if (depth === 1) {
        const said = this.#match(/\bsource[ \t]*=[ \t]*"(?:[^"\\\n$%]|\\.)*"/y);
        if (said !== undefined) {
          source ??= said.slice(said.indexOf('"') + 1, -1);
          continue;
        }
        if (this.#match(/[A-Za-z_][\w-]*/y) !== undefined) continue;
      }
      if (this.#skipped()) continue;
      const sign = this.#text[this.#at];
      if (sign === "{") depth++;
      else if (sign === "}") depth--;
      this.#step();
    }
    return source;
  }

  /** White space, comments, strings and heredocs: whether there was one. */
  #skipped(): boolean {
    if (this.#match(/\s+/y) !== undefined) return true;
    if (this.#match(/#[^\n]*|\/\/[^\n]*/y) !== undefined) return true;
    if (this.#match(/\/\*[\s\S]*?(?:\*\/|$)/y) !== undefined) return true;
    if (this.#text[this.#at] === '"') {
      this.#string();
      return true;
    }
    return this.#heredoc();
  }

  #heredoc(): boolean {
    const start = this.#match(/<<-?[ \t]*[A-Za-z_][\w-]*[ \t]*\r?\n/y);
    if (start === undefined) return false;
    const name = start.replace(/^<<-?/, "").trim();
    while (this.#at < this.#text.length) {
      const line = this.#match(/[^\n]*\n?/y) ?? "";
      if (line.trim() === name || line === "") return true;
    }
    return true;
  }

  /** With `${…}` in it, where other strings may stand. */
  #string(): void {
    this.#step();
    while (this.#at < this.#text.length) {
      if (this.#match(/(?:[^"\\$%\n]|\\.|\$\$\{|%%\{)+/y) !== undefined) continue;
      const opens = this.#text.startsWith("${", this.#at) || this.#text.startsWith("%{", this.#at);
      if (opens) {
        this.#step();
        this.#step();
        this.#interpolation();
        continue;
      }
      const sign = this.#text[this.#at];
      this.#step();
      // a string ends on its line, so one that is not closed spoils no more than that
      if (sign === '"' || sign === "\n") return;
    }
  }

  #interpolation(): void {
    let depth = 1;
    while (depth > 0 && this.#at < this.#text.length) {
      const sign = this.#text[this.#at];
      if (sign === '"') {
        this.#match(/"(?:[^"\\\n]|\\.)*"?/y);
        continue;
      }
      if (sign === "{") depth++;
      else if (sign === "}") depth--;
      this.#step();
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return undefined;
    this.#at += found.length;
    for (const sign of found) if (sign === "\n") this.#line++;
    return found;
  }

  #step(): void {
    if (this.#text[this.#at] === "\n") this.#line++;
    this.#at++;
  }
}
