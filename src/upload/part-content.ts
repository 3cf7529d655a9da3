/** The bytes of a part, read when their turn comes, or early: while a new upload is still being begun. */
import { wholeBlocks } from "./blocks.ts";
import type { HashAlgorithm } from "./checksum.ts";
import { type Content, openContent } from "./content.ts";
import type { ByteRange } from "./plan.ts";
import type { FileSource } from "./source.ts";
import type { UploadTools } from "./tools.ts";

export interface PartReading {
  readonly source: FileSource;
  /** Bytes of every part but the last. */
  readonly partSize: number;
  readonly algorithm: HashAlgorithm | undefined;
  readonly tools: Pick<UploadTools, "resources" | "signal">;
}

/** @throws S3upError FILE_CHANGED for a file that has become shorter, FILE_UNREADABLE */
export function openPart(
  range: ByteRange,
  { source, partSize, algorithm, tools }: PartReading,
  signal: AbortSignal,
): Promise<Content> {
  const { pool } = tools.resources;
  return openContent(source, range, { keep: wholeBlocks(partSize) <= pool.capacity, algorithm, pool, signal });
}

/** A place among the parts that are prepared, which goes to whoever takes it, and the part's content if it was begun. */
export interface EarlyPart {
  readonly content?: Promise<Content>;
  readonly leave: () => void;
}

export interface EarlyParts {
  /** Undefined when there was no place for it. */
  take(range: ByteRange): EarlyPart | undefined;
  /** Gives back what nobody took; settles when no memory is held any more. */
  release(): Promise<void>;
}

/**
 * Reads the first parts, as many as there are places for at this moment: it takes none from anybody who waits. One after
 * the other, so that the request that is under way meanwhile does not wait for the processor.
 * They hold memory until they are taken or released, so nothing may wait for memory before.
 */
export function readEarly(ranges: readonly ByteRange[], reading: PartReading): EarlyParts {
  const { resources, signal } = reading.tools;
  const released = new AbortController();
  const parts = new Map<number, EarlyPart>();
  for (const { partNumber } of ranges) {
    const leave = resources.window.tryPrepare();
    if (leave === undefined) break;
    parts.set(partNumber, { leave });
  }

  async function readInTurn(): Promise<void> {
    for (const range of ranges) {
      const part = parts.get(range.partNumber);
      if (part === undefined) return;
      const content = openPart(range, reading, AbortSignal.any([signal, released.signal]));
      parts.set(range.partNumber, { ...part, content });
      // Whoever takes it hears of an error.
      await content.catch(() => {});
    }
  }
  void readInTurn();

  return {
    take({ partNumber }) {
      const part = parts.get(partNumber);
      parts.delete(partNumber);
      return part;
    },
    async release() {
      const left = [...parts.values()];
      parts.clear();
      if (left.length > 0) released.abort(new Error("released"));
      for (const { content, leave } of left) {
        await content?.then(
          ({ release }) => release(),
          () => {},
        );
        leave();
      }
    },
  };
}
