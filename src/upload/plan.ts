import type { SourceFacts } from "./source.ts";

/** Half open: `end` is the first byte that is not part of it. */
export interface ByteRange {
  readonly partNumber: number;
  readonly start: number;
  readonly end: number;
}

/** Everything decided, nothing done. `--dry-run`, the progress total and the engine read it. */
export type UploadPlan = { readonly file: SourceFacts & { readonly path: string } } & (
  | { readonly kind: "single" }
  | { readonly kind: "multipart"; readonly partSize: number; readonly parts: readonly ByteRange[] }
);
