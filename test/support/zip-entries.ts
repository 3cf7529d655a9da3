/** Reads a zip whose files are stored, by its directory at the end; shares no code with what wrote it. */
import { crc32 } from "node:zlib";

export interface ZipEntry {
  readonly name: string;
  /** Local time, `1980-01-01T00:00:00`. */
  readonly time: string;
  /** Unix permissions with the kind of the file. */
  readonly mode: number;
  readonly method: "stored" | "compressed";
  readonly content: Buffer;
}

/** @throws Error where header, directory, length and checksum do not agree */
export function zipEntries(zip: Buffer): readonly ZipEntry[] {
  const end = zip.lastIndexOf("PK\x05\x06", undefined, "latin1");
  if (end === -1) throw new Error("this is no zip");
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    const length = zip.readUInt16LE(at + 28);
    entries.push(entryAt(zip, at, length));
    at += 46 + length + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  if (at !== end) throw new Error("there is something between the directory and its end");
  return entries;
}

function entryAt(zip: Buffer, at: number, nameLength: number): ZipEntry {
  if (zip.readUInt32LE(at) !== 0x02014b50) throw new Error(`no entry of the directory at ${at}`);
  const name = zip.toString("utf8", at + 46, at + 46 + nameLength);
  const [time, date] = [zip.readUInt16LE(at + 12), zip.readUInt16LE(at + 14)];
  const local = zip.readUInt32LE(at + 42);
  if (zip.readUInt32LE(local) !== 0x04034b50) throw new Error(`${name} has no header`);
  // From the version that is needed to the length of the name both say the same.
  if (zip.compare(zip, at + 6, at + 30, local + 4, local + 28) !== 0) throw new Error(`${name} is described twice`);
  const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const content = zip.subarray(begin, begin + zip.readUInt32LE(at + 20));
  if (crc32(content) !== zip.readUInt32LE(at + 16)) throw new Error(`the checksum of ${name} is wrong`);
  return {
    name,
    time: timeOf(date, time),
    mode: zip.readUInt16LE(at + 40),
    method: zip.readUInt16LE(at + 10) === 0 ? "stored" : "compressed",
    content,
  };
}

function timeOf(date: number, time: number): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${1980 + (date >> 9)}-${two((date >> 5) & 15)}-${two(date & 31)}`;
  return `${day}T${two(time >> 11)}:${two((time >> 5) & 63)}:${two((time & 31) * 2)}`;
}
