/**
 * The bytes of a part (or of a whole file), ready to be sent as often as it takes. What fits into the memory budget is
 * read once and kept until it is sent; what does not is read once for its checksum and again for each try.
 */
import { S3upError } from "../errors.ts";
import type { Checksum } from "../protocol/messages.ts";
import { BLOCK_SIZE, type BlockPool } from "./blocks.ts";
import { createHasher, type HashAlgorithm } from "./checksum.ts";
import type { FileSource } from "./source.ts";
import type { RequestBody } from "./transport.ts";

/** Half open: `end` is the first byte that is not part of it. */
interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Content {
  readonly size: number;
  /** Undefined when none was asked for. */
  readonly checksum: Checksum | undefined;
  /** In base64, as Content-MD5 has it; undefined unless it was asked for in place of a checksum. */
  readonly md5: string | undefined;
  /** From the first byte on; each call begins anew. One body at a time. */
  body(): RequestBody;
  /** Reads the file again after S3 found other bytes than ours. @throws S3upError FILE_CHANGED when it is not the same */
  reread(): Promise<void>;
  /** Gives the memory back. */
  release(): void;
}

interface Hash {
  readonly algorithm: HashAlgorithm;
  readonly value: string;
}

export interface ContentOptions {
  /** Held in memory from the first read on; otherwise it makes do with two blocks. */
  readonly keep: boolean;
  readonly algorithm: HashAlgorithm | undefined;
  readonly pool: BlockPool;
  readonly signal: AbortSignal;
}

/** @throws S3upError FILE_CHANGED for a file that has become shorter, FILE_UNREADABLE */
export async function openContent(source: FileSource, range: Range, options: ContentOptions): Promise<Content> {
  return options.keep ? keep(source, range, options) : stream(source, range, options);
}

/** @throws S3upError FILE_CHANGED when size or modification time are not those that the upload began with */
export async function refuseChangedFile(source: FileSource): Promise<void> {
  const now = await source.facts();
  if (now.size !== source.size) throw fileChanged(source, `It had ${source.size} bytes and now has ${now.size}.`);
  if (now.mtimeMs !== source.mtimeMs) throw fileChanged(source, "Its modification time is not the same any more.");
}

/**
 * Each block goes back as soon as it has left, for the next content to be read into: so half the memory serves as many
 * requests. What another try needs is read again, through the last two blocks, which stay.
 */
async function keep(source: FileSource, range: Range, { algorithm, pool, signal }: ContentOptions): Promise<Content> {
  const blocks = await pool.take(range.end - range.start, signal);
  const spare = blocks.slice(-2);
  let gone = 0;

  function* sendOnce(views: readonly Uint8Array[]): Generator<Uint8Array> {
    for (const [index, view] of views.entries()) {
      yield view;
      if (index >= blocks.length - spare.length) continue;
      gone += 1;
      pool.give(blocks.slice(index, index + 1));
    }
  }

  try {
    const views = viewsOf(blocks, range);
    const hash = await readAll(source, range, views, algorithm, signal);
    const readAgain = async () => {
      if (gone === 0) return readAll(source, range, views, algorithm, signal);
      return algorithm === undefined ? undefined : hashOf(readAhead(source, range, spare, signal), algorithm);
    };
    return {
      size: range.end - range.start,
      ...proofOf(hash),
      body: () => (gone === 0 ? sendOnce(views) : readAhead(source, range, spare, signal)),
      reread: async () => refuseOtherBytes(source, hash, await readAgain()),
      release: () => pool.give(blocks.slice(gone)),
    };
  } catch (error) {
    pool.give(blocks);
    throw error;
  }
}

async function stream(source: FileSource, range: Range, options: ContentOptions): Promise<Content> {
  const { algorithm, pool, signal } = options;
  // All that it will ever need, at once: in the window it must not wait for memory that others hold who wait for the window.
  const blocks = await pool.take(2 * BLOCK_SIZE, signal);
  const hash = async () =>
    algorithm === undefined ? undefined : hashOf(readAhead(source, range, blocks, signal), algorithm);
  try {
    const first = await hash();
    return {
      size: range.end - range.start,
      ...proofOf(first),
      body: () => readAhead(source, range, blocks, signal),
      reread: async () => refuseOtherBytes(source, first, await hash()),
      release: () => pool.give(blocks),
    };
  } catch (error) {
    pool.give(blocks);
    throw error;
  }
}

function proofOf(hash: Hash | undefined): Pick<Content, "checksum" | "md5"> {
  if (hash === undefined) return { checksum: undefined, md5: undefined };
  const { algorithm, value } = hash;
  return algorithm === "MD5" ? { checksum: undefined, md5: value } : { checksum: { algorithm, value }, md5: undefined };
}

async function hashOf(body: AsyncIterable<Uint8Array>, algorithm: HashAlgorithm): Promise<Hash> {
  const hasher = createHasher(algorithm);
  for await (const block of body) hasher.update(block);
  return { algorithm, value: hasher.digest() };
}

/** One block is read while the one before is in use. */
async function* readAhead(
  source: FileSource,
  range: Range,
  blocks: readonly Uint8Array[],
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let pending: Promise<unknown> = Promise.resolve();
  try {
    const read = (start: number, index: number) => {
      const block = blocks[index % 2] as Uint8Array;
      const reading = readBlock(source, block.subarray(0, Math.min(BLOCK_SIZE, range.end - start)), start);
      // Awaited below; an error before that is no unhandled one.
      pending = reading.catch(() => {});
      return reading;
    };
    let next = read(range.start, 0);
    for (let start = range.start, index = 1; start < range.end; start += BLOCK_SIZE, index += 1) {
      const block = await next;
      signal.throwIfAborted();
      const following = start + BLOCK_SIZE;
      if (following < range.end) next = read(following, index);
      // The last block is held back: a file that changed on the way must not become an object.
      else await refuseChangedFile(source);
      yield block;
    }
  } finally {
    await pending;
  }
}

async function readAll(
  source: FileSource,
  range: Range,
  views: readonly Uint8Array[],
  algorithm: HashAlgorithm | undefined,
  signal: AbortSignal,
): Promise<Hash | undefined> {
  const hasher = algorithm === undefined ? undefined : createHasher(algorithm);
  let position = range.start;
  for (const view of views) {
    signal.throwIfAborted();
    await readBlock(source, view, position);
    hasher?.update(view);
    position += view.byteLength;
  }
  return algorithm === undefined || hasher === undefined ? undefined : { algorithm, value: hasher.digest() };
}

async function readBlock(source: FileSource, view: Uint8Array, position: number): Promise<Uint8Array> {
  const bytes = await source.read(view, position);
  if (bytes === view.byteLength) return view;
  throw fileChanged(source, `It had ${source.size} bytes and now ends at ${position + bytes}.`);
}

/** The blocks, the last one cut to the range's length. */
function viewsOf(blocks: readonly Uint8Array[], range: Range): readonly Uint8Array[] {
  const size = range.end - range.start;
  return blocks.map((block, index) => block.subarray(0, Math.min(BLOCK_SIZE, size - index * BLOCK_SIZE)));
}

function refuseOtherBytes(source: FileSource, before: Hash | undefined, now: Hash | undefined): void {
  if (before?.value !== now?.value) throw fileChanged(source, "Reading the same bytes twice gave two checksums.");
}

function fileChanged(source: FileSource, why: string): S3upError {
  return new S3upError("FILE_CHANGED", `${source.path} changed while it was being sent.`, {
    why,
    hint: "Run the same command again when nothing writes to the file any more.",
  });
}
