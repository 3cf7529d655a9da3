import type { StoredObject, StoredPart } from "../../src/sandbox/stored-object.ts";

export function aPart(changes: Partial<StoredPart> = {}): StoredPart {
  return {
    partNumber: 1,
    file: "file-1",
    size: 5,
    etag: "5d41402abc4b2a76b9719d911017c592",
    checksums: { CRC32: "NhCmhg==" },
    lastModified: "2026-01-02T03:04:05.600Z",
    ...changes,
  };
}

/** The five bytes `hello`. */
export function anObject(changes: Partial<StoredObject> = {}): StoredObject {
  return {
    key: "a",
    size: 5,
    etag: "5d41402abc4b2a76b9719d911017c592",
    lastModified: "2026-01-02T03:04:05.600Z",
    description: { headers: { "content-type": "text/plain" }, metadata: {}, storageClass: "STANDARD", tags: [] },
    checksum: { algorithm: "CRC32", type: "FULL_OBJECT", value: "NhCmhg==" },
    parts: [aPart()],
    multipart: false,
    ...changes,
  };
}
