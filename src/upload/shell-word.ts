/** A word of a command line that is shown to be pasted into a POSIX shell. Its text may come from a server. */
export function shellWord(text: string): string {
  if (/^[\w./:@%+,-][\w./:@%+=,~-]*$/.test(text)) return text;
  if (!/\p{Cc}/u.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  // A message is one line, so what would break it is written as bash and zsh read it.
  const escaped = text.replace(/[\\']/g, "\\$&").replace(/\p{Cc}/gu, (sign) => escapeOf(sign));
  return `$'${escaped}'`;
}

function escapeOf(sign: string): string {
  return Array.from(new TextEncoder().encode(sign), (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
}
