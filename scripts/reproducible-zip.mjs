// A zip whose bytes depend on nothing but the names and contents of its files: sorted, with one fixed time and fixed
// permissions, and stored, because compressed bytes differ between versions of zlib.
// Source of the format: PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", 4.3 and 4.4.
import { crc32 } from "node:zlib";

/** 1 January 1980, midnight: the first moment that a zip can write. */
const DOS_DATE = (0 << 9) | (1 << 5) | 1;
const VERSION = 20;
const MADE_ON_UNIX = (3 << 8) | VERSION;
const NAMES_IN_UTF8 = 1 << 11;
/** A plain file that everybody may read: Lambda runs as a user of its own. */
const MODE = 0o100644;

/**
 * @param {Readonly<Record<string, Uint8Array>>} files name in the archive -> content
 * @returns {Buffer}
 */
export function reproducibleZip(files) {
  const locals = [];
  const entries = [];
  let offset = 0;
  for (const name of Object.keys(files).sort()) {
    const content = files[name];
    const bytes = Buffer.from(name);
    const common = commonFields(content, bytes.length);
    const local = Buffer.concat([u32(0x04034b50), u16(VERSION), common, u16(0), bytes]);
    // the offset is the last of the fixed fields, between the permissions and the name
    const entry = [u32(0x02014b50), u16(MADE_ON_UNIX), u16(VERSION), common, u16(0), u16(0), u16(0), u16(0)];
    entries.push(Buffer.concat([...entry, u32((MODE << 16) >>> 0), u32(offset), bytes]));
    locals.push(local, content);
    offset += local.length + content.length;
  }
  const directory = Buffer.concat(entries);
  const count = u16(entries.length);
  const end = [u32(0x06054b50), u16(0), u16(0), count, count, u32(directory.length), u32(offset), u16(0)];
  return Buffer.concat([...locals, directory, ...end]);
}

/** What the header before a file and its entry in the directory have in common: flags to length of the name. */
function commonFields(content, nameLength) {
  const method = u16(0);
  const time = u16(0);
  const size = u32(content.length);
  return Buffer.concat([
    u16(NAMES_IN_UTF8),
    method,
    time,
    u16(DOS_DATE),
    u32(crc32(content)),
    size,
    size,
    u16(nameLength),
  ]);
}

function u16(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
