/**
 * Names and messages quote what stands in a bucket's settings, and anybody may have written those: nothing in them may
 * move a cursor, colour a terminal, turn the reading direction or begin a line.
 */

/** Invisible, direction-changing and unpaired signs, and separators of lines other than the line feed. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const invisibleInLines = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** On one line: line breaks become spaces, what cannot be seen becomes its code. */
export function visibleLine(text: string): string {
  return text
    .replace(/\s*[\r\n]+\s*/g, " ")
    .trim()
    .replace(invisible, codeOf);
}

/** Keeps line feeds and tabs: commands of several lines. */
export function visibleLines(text: string): string {
  return text.replace(/\r\n/g, "\n").trim().replace(invisibleInLines, codeOf);
}

/** U+202E -> `\u202e` */
function codeOf(sign: string): string {
  const code = (sign.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}
