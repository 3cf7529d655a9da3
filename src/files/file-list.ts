/** `--files-from`: names one a line, or each ended by NUL as `find -print0` writes them. */
import { S3upError } from "../errors.ts";

/** A name; undefined for one that is no UTF-8, with what it looks like. */
export type ListedName = { readonly name: string } | { readonly invalid: string };

const newline = 0x0a;
/** No system has longer paths, so a list of names that end in NUL has one within so many bytes. */
const longestPath = 4096;
const longestName = 64 * 1024;

/** @throws S3upError USAGE for what is no list of names */
export async function* readFileList(bytes: AsyncIterable<Uint8Array>, from: string): AsyncGenerator<ListedName> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let rest: Buffer = Buffer.alloc(0);
  let separator: number | undefined;

  function decode(name: Uint8Array): ListedName | undefined {
    const ended = separator === newline && name.at(-1) === 0x0d ? name.subarray(0, -1) : name;
    if (ended.byteLength === 0) return undefined;
    try {
      return { name: decoder.decode(ended) };
    } catch {
      return { invalid: Buffer.from(ended).toString() };
    }
  }

  for await (const chunk of bytes) {
    rest = rest.byteLength === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    if (separator === undefined) {
      if (rest.byteLength <= longestPath && !rest.includes(0)) continue;
      separator = rest.includes(0) ? 0 : newline;
    }
    let start = 0;
    for (let end = rest.indexOf(separator); end >= 0; end = rest.indexOf(separator, start)) {
      const name = decode(rest.subarray(start, end));
      start = end + 1;
      if (name !== undefined) yield name;
    }
    rest = rest.subarray(start);
    if (rest.byteLength > longestName) throw noList(from);
  }
  separator ??= newline;
  for (const line of splitBy(rest, separator)) {
    const name = decode(line);
    if (name !== undefined) yield name;
  }
}

function* splitBy(bytes: Buffer, separator: number): Generator<Uint8Array> {
  let start = 0;
  for (let end = bytes.indexOf(separator); end >= 0; end = bytes.indexOf(separator, start)) {
    yield bytes.subarray(start, end);
    start = end + 1;
  }
  yield bytes.subarray(start);
}

function noList(from: string): S3upError {
  return new S3upError("USAGE", `${from === "-" ? "What comes from stdin" : from} is no list of files.`, {
    why: `It has a name of more than ${longestName} bytes.`,
    hint: "Write one name a line, or end each with NUL as `find -print0` does.",
  });
}
