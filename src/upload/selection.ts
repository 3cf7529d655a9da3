/** Which files a run is about: what the user said, and what was found. `files/` looks for them. */
import type { S3upError } from "../errors.ts";
import type { NameFilter } from "./name-filter.ts";

export interface Selection {
  /** Files, directories and patterns, as they were given. */
  readonly operands: readonly string[];
  /** A file with one name a line, or with names that end in NUL; `-` is stdin. */
  readonly filesFrom: string | undefined;
  /** Directories are walked through. */
  readonly recursive: boolean;
  /** `files`: links to files are followed, links to directories are not. */
  readonly symlinks: "none" | "files" | "all";
  /** In the order in which they were given; the last that matches a name decides. */
  readonly filters: readonly NameFilter[];
}

export interface FoundFile {
  readonly kind: "file";
  readonly path: string;
  /** What the prefix is added to: with `/` between its segments, on every system. */
  readonly name: string;
  /** False for a file that the user named itself: its key may be the address as it stands. */
  readonly within: boolean;
}

export type Found =
  | FoundFile
  /** Not to be uploaded, and no failure: a broken link, a socket. */
  | { readonly kind: "skipped"; readonly path: string; readonly name: string; readonly why: string }
  | { readonly kind: "failed"; readonly path: string; readonly name: string; readonly error: S3upError };
