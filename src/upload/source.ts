/** What the engine needs of a file: its size, a positional read, and a second look at its facts. */
export interface SourceFacts {
  readonly size: number;
  readonly mtimeMs: number;
}

export interface FileSource extends SourceFacts {
  /** The path as the user gave it. */
  readonly path: string;
  /** The last segment of the path. */
  readonly name: string;
  /** Where the file is, for a journal; undefined for what no later run finds again. */
  readonly location?: { readonly path: string /** Device and number, as `41:1234`. */; readonly inode: string };
  /**
   * Fills `buffer` from `position` on; the answer is the number of bytes read, which is smaller than the buffer only
   * at the end of the file.
   * @throws S3upError FILE_UNREADABLE
   */
  read(buffer: Uint8Array, position: number): Promise<number>;
  /** The facts as they are now: the engine compares them to find a file that changed while it was sent. */
  facts(): Promise<SourceFacts>;
  close(): Promise<void>;
}
