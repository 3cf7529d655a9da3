/**
 * The port for journals: what a later run needs to go on with an upload. A journal only helps: what is at S3 is asked of
 * S3, and compared with the file. The one implementation is `files/journal-store.ts`; nothing of it ever throws, since no
 * upload may fail for its journal.
 */
import type { Checksum, ChecksumAlgorithm } from "../protocol/messages.ts";

/** How the upload is reached again. Never a presigned URL. */
export type JournalTarget =
  | { readonly via: "credentials"; readonly s3Endpoint?: string | undefined }
  | { readonly via: "endpoint"; readonly url: string }
  | { readonly via: "manifest"; readonly path: string };

/** The file as it was when the upload began. */
export interface SavedFile {
  /** Absolute. */
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  /** Device and number, as `41:1234`. */
  readonly inode: string;
  /** Of a few of its blocks (`fingerprint.ts`). */
  readonly fingerprint: string;
}

/** A multipart upload as a session can be made of it again. */
export interface SavedUpload {
  readonly bucket: string | undefined;
  readonly key: string;
  readonly uploadId: string;
  /** Bytes of every part but the last. */
  readonly partSize: number;
  readonly checksumAlgorithm: ChecksumAlgorithm | undefined;
  /** Of a presign endpoint: a bearer credential of this one upload. */
  readonly uploadToken?: string | undefined;
}

/** What was asked for when the upload was begun; asked again, an endpoint continues the same upload. */
export interface SavedRequest {
  readonly partSize: number;
  readonly clientToken: string;
}

export interface JournalHeader {
  readonly target: JournalTarget;
  /** Digest of what is stored with the bytes: content type, metadata and the like. */
  readonly wish: string;
  readonly file: SavedFile;
  readonly asked: SavedRequest;
  /** Undefined until the answer was there: the upload may exist or not. */
  readonly upload: SavedUpload | undefined;
}

export interface SavedPart {
  readonly partNumber: number;
  readonly size: number;
  readonly etag: string;
  /** Base64; undefined for an upload without checksums. */
  readonly checksum: string | undefined;
}

/** A journal as an earlier run left it. */
export interface SavedJournal extends JournalHeader {
  /** By number. Some of the last may be missing. */
  readonly parts: ReadonlyMap<number, SavedPart>;
  /** Set once the completion may have been sent; `checksum` is the whole object's. */
  readonly completing: { readonly checksum: Checksum | undefined } | undefined;
}

/** A journal that this process holds. */
export interface UploadJournal {
  /** Undefined when there is none, or none that can be read. */
  readonly saved: SavedJournal | undefined;
  /** Takes the place of what was saved; survives a crash at any moment. False: it cannot be kept. */
  write(header: JournalHeader): Promise<boolean>;
  /** Is on the disk a moment later. */
  note(part: SavedPart): void;
  /** Is on the disk, with all parts, when it settles. */
  completing(checksum: Checksum | undefined): Promise<void>;
  clear(): Promise<void>;
  /** Lets others have it; what is saved stays. */
  release(): Promise<void>;
}

export type JournalGrip =
  | { readonly state: "taken"; readonly journal: UploadJournal }
  /** Another process works on the same upload. */
  | { readonly state: "busy"; readonly pid: number }
  | { readonly state: "unavailable" };

/** A journal in the list of all. */
export interface ListedJournal {
  readonly id: string;
  readonly saved: SavedJournal;
  /** When it was last written to. */
  readonly touchedAt: Date;
  /** Process that works on the upload now. */
  readonly heldBy: number | undefined;
}

export interface JournalStore {
  /** @param onTrouble told why nothing can be saved: a full disk, a directory that may not be written to */
  take(id: string, onTrouble: (reason: string) => void): Promise<JournalGrip>;
  /** All that can be read, oldest first. */
  list(): Promise<readonly ListedJournal[]>;
  /**
   * Removes journals that nobody touched for `days` and what a crash left half written; tells what the journals named.
   * Once a run: asked again, it does nothing.
   */
  sweep(days: number): Promise<readonly SavedJournal[]>;
}
