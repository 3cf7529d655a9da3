import type { JournalHeader, SavedJournal, SavedPart } from "../../src/upload/journal.ts";

const MiB = 1024 ** 2;

/** A header as `put` writes it for a file of three parts, with what a test changes. */
export function journalHeader(changes: Partial<JournalHeader> = {}): JournalHeader {
  return {
    target: { via: "credentials" },
    wish: "wish",
    file: { path: "/files/film.bin", size: 12 * MiB, mtimeMs: 1, inode: "41:1234", fingerprint: "f" },
    asked: { partSize: 5 * MiB, clientToken: "client-token" },
    upload: {
      bucket: "drop",
      key: "film.bin",
      uploadId: "upload-1",
      partSize: 5 * MiB,
      checksumAlgorithm: "CRC32",
    },
    ...changes,
  };
}

export function savedPart(partNumber: number): SavedPart {
  return { partNumber, size: 5 * MiB, etag: `"etag-${partNumber}"`, checksum: "AAAAAA==" };
}

/** The same as it is read again, with two of its parts. */
export function savedJournal(changes: Partial<SavedJournal> = {}): SavedJournal {
  const parts = new Map([1, 2].map((partNumber) => [partNumber, savedPart(partNumber)]));
  return { ...journalHeader(changes), parts, completing: undefined, ...changes };
}
