/** Words of command lines that are shown to be pasted. Their text may come from a server. */

/** For any POSIX shell; a line break stays one. */
export function posixWord(text: string): string {
  const isPlain = /^[\w./:@%+,-][\w./:@%+=,~-]*$/.test(text);
  return isPlain ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** On one line, as a message is: control characters are written as bash and zsh read them. */
export function shellWord(text: string): string {
  if (!/\p{Cc}/u.test(text)) return posixWord(text);
  const escaped = text.replace(/[\\']/g, "\\$&").replace(/\p{Cc}/gu, (sign) => escapeOf(sign));
  return `$'${escaped}'`;
}

function escapeOf(sign: string): string {
  return Array.from(new TextEncoder().encode(sign), (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
}
