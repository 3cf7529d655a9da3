/** Text inside Markdown and the HTML in it, whatever it was: it makes no link, image, heading, mention or table cell. */
import { visibleLine, visibleLines } from "./visible.ts";

/** One line of text, every sign that could mean something to GitHub's Markdown taken literally. */
export function markdownLine(text: string): string {
  return (
    visibleLine(text)
      .replace(/[\\`*_{}[\]<>#|~&!$^=]/g, "\\$&")
      // Bare addresses become links without any bracket: the sign that makes them one is parted from the rest.
      .replace(/:\/\//g, "\\://")
      .replace(/www\./gi, (found) => found.replace(".", "\\."))
      .replaceAll("@", "@\u200b")
      // At the start of a line these would make a list.
      .replace(/^[-+]|^\d+(?=[.)])/, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`))
  );
}

/** One line in the typeface of code. */
export function markdownCode(text: string): string {
  const line = visibleLine(text);
  // In a table no number of backslashes keeps these apart from what they mean there.
  return /^$|[`\\|]/.test(line) ? `<code>${markdownLine(text)}</code>` : `\`${line}\``;
}

/** A block of code; its fence is longer than any run of backticks in it. */
export function fenced(language: string, text: string): string {
  const lines = visibleLines(text);
  const fence = "`".repeat(Math.max(3, longestRun(lines) + 1));
  return `${fence}${language}\n${lines}\n${fence}`;
}

/** Text between HTML tags. */
export function htmlLine(text: string): string {
  return visibleLine(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
