/** File names that no honest client sends, and the origin of a page that nobody intends. */

export interface HostileName {
  /** Kept for ever: snapshots name it. */
  readonly id: string;
  /** In words, for "a name …". */
  readonly what: string;
  readonly fileName: string;
}

const file = "s3up-probe.txt";

export const hostileNames: readonly HostileName[] = [
  { id: "dot-segments", what: 'with "../" before it', fileName: `../../${file}` },
  { id: "dot-dot", what: 'that is ".." alone', fileName: ".." },
  { id: "absolute", what: "that is an absolute path", fileName: `/etc/${file}` },
  { id: "backslashes", what: 'with "..\\" before it', fileName: `..\\..\\${file}` },
  { id: "windows-drive", what: "that is a Windows path", fileName: `C:\\Windows\\${file}` },
  { id: "control-characters", what: "with an escape sequence for terminals", fileName: `s3up-\u001b[31m-${file}` },
  { id: "line-breaks", what: "with line breaks", fileName: `s3up-probe\r\nx-probe: 1\r\n.txt` },
  { id: "nul", what: "with a NUL character", fileName: `${file}\u0000.png` },
  { id: "long", what: "of 300 bytes", fileName: `${"s".repeat(296)}.txt` },
  { id: "form-variable", what: "that is a form variable", fileName: ["$", "{filename}"].join("") },
  { id: "percent-encoded", what: 'with "../" percent-encoded', fileName: `..%2f..%2f${file}` },
  { id: "percent-twice", what: 'with "../" percent-encoded twice', fileName: `%252e%252e%252f${file}` },
  { id: "percent-nul", what: "with a NUL percent-encoded", fileName: `${file}%00.png` },
  { id: "bidi", what: "that reads backwards in part", fileName: "s3up-probe-\u202Etxt.exe" },
  { id: "zero-width", what: "with an invisible character", fileName: `s3up\u200B-${file}` },
  { id: "look-alikes", what: 'with full-width "../"', fileName: `\uFF0E\uFF0E\uFF0F${file}` },
  { id: "empty", what: "that is empty", fileName: "" },
];

/** Of a domain that can never exist (RFC 2606). */
export const foreignOrigin = "https://s3up-probe.invalid";

/** Bytes; far more than S3 takes in one request or in any object. */
export const oversizedBytes = 2 ** 50;

/** Seconds; the longest life that S3 gives a presigned URL. */
export const longestLifeSeconds = 7 * 86_400;
