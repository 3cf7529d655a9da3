/** What happens during an upload, as facts. The sentences belong to `report/`. */
import type { Checksum } from "../protocol/messages.ts";
import type { UploadPlan } from "./plan.ts";

/** The object as S3 confirmed it. */
export interface StoredObject {
  /** Undefined only where the destination does not tell it, as a bare presigned URL of an unknown host may not. */
  readonly bucket: string | undefined;
  readonly key: string;
  readonly size: number;
  /** Undefined where the one answer that held it got lost. */
  readonly etag: string | undefined;
  readonly versionId?: string;
  /** The whole object's checksum from S3's own answer; undefined when the server returned none. */
  readonly checksum?: Checksum;
}

/** Why an earlier upload does not go on. */
export type RestartReason =
  /** `--restart` */
  | "asked"
  | "file-size"
  | "file-time"
  | "file-replaced"
  | "file-content"
  | "part-size"
  /** Content type, metadata, checksum or the like. */
  | "wish"
  /** Aborted or completed by somebody else, or cleaned by a lifecycle rule. */
  | "gone"
  /** The endpoint does not take the upload's token any more. */
  | "token"
  /** Nobody may list its parts. */
  | "unlisted";

export type UploadEvent =
  | { readonly type: "preparing"; readonly step: "capabilities" | "checksum" | "create" | "complete" | "abort" }
  | { readonly type: "planned"; readonly plan: UploadPlan; readonly destination: string }
  | {
      readonly type: "started";
      readonly key: string;
      readonly uploadId?: string;
      /** Undefined for a stream, whose end nobody knows. */
      readonly partCount: number | undefined;
    }
  /** An earlier upload goes on: so much of it is listed at S3, and is compared with the file before it counts. */
  | {
      readonly type: "resuming";
      readonly uploadId: string;
      readonly parts: number;
      readonly partCount: number;
      readonly bytes: number;
      readonly totalBytes: number;
    }
  /** An earlier upload does not go on. What becomes of it is told by `aborted`, if anything is left of it. */
  | { readonly type: "restarting"; readonly reason: RestartReason; readonly uploadId: string }
  /** What S3 holds as this part is not what the file holds: it is sent again. */
  | { readonly type: "part-differs"; readonly partNumber: number }
  /** The file was found under its key, stored by an earlier run whose last answer got lost. */
  | { readonly type: "found-stored"; readonly key: string }
  /** The upload stays at S3 for a later run. */
  | {
      readonly type: "kept";
      readonly bucket: string | undefined;
      readonly key: string;
      readonly uploadId: string;
      readonly parts: number;
      readonly partCount: number;
      readonly bytes: number;
    }
  /** Told once: nothing can be saved for a later run. */
  | { readonly type: "no-journal"; readonly reason: string }
  /** Begun, it may be, by an earlier run that was killed then, or by a request whose answer got lost; or somebody else's. */
  | { readonly type: "unclaimed"; readonly bucket: string | undefined; readonly key: string; readonly uploadId: string }
  /** A journal too old to be of use was removed; its upload may still be at S3. */
  | {
      readonly type: "forgotten";
      readonly bucket: string | undefined;
      readonly key: string;
      readonly uploadId: string;
    }
  /** Bytes that left for the wire and are not taken back, and those of parts that are at S3 already. */
  | {
      readonly type: "progress";
      readonly sentBytes: number;
      /** How many of `sentBytes` an earlier run had sent. */
      readonly reusedBytes?: number;
      readonly totalBytes: number | undefined;
      readonly doneParts: number;
    }
  | {
      readonly type: "retrying";
      readonly partNumber: number | undefined;
      readonly attempt: number;
      readonly delayMs: number;
      readonly reason: string;
    }
  | { readonly type: "resigned"; readonly partNumber: number | undefined }
  /** What is left takes longer than its permission lasts; told once. */
  | {
      readonly type: "expiring";
      readonly of: "credentials" | "url" | "manifest";
      readonly leftSeconds: number;
      readonly neededSeconds: number;
    }
  | { readonly type: "window"; readonly size: number; readonly reason: "slow-down" | "recovered" }
  | { readonly type: "aborted"; readonly uploadId: string; readonly clean: boolean }
  | { readonly type: "completed"; readonly object: StoredObject };

export type Emit = (event: UploadEvent) => void;
