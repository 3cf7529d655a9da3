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
  /** Bytes that left for the wire and are not taken back; a failed try lowers the number again. */
  | {
      readonly type: "progress";
      readonly sentBytes: number;
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
  | { readonly type: "window"; readonly size: number; readonly reason: "slow-down" | "recovered" }
  | { readonly type: "aborted"; readonly uploadId: string; readonly clean: boolean }
  | { readonly type: "completed"; readonly object: StoredObject };

export type Emit = (event: UploadEvent) => void;
