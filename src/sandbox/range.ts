/** The one range of bytes that S3 reads at a time. */
import { notImitated } from "./operation.ts";
import { s3Error } from "./s3-error.ts";

/** Half open: `end` is the first byte that is not part of it. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a `Range` header. What is no range of bytes does not count, as HTTP has it, and the whole object is meant.
 * @throws S3Error `InvalidRange` when nothing of the object lies in it
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  if (header === undefined) return undefined;
  if (/^bytes=[^,]*,/.test(header))
    throw notImitated("a Range of several stretches, which S3 does not read either", { Header: "Range" });
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? [];
  if (first === "" && last === "") return undefined;
  const range = first === "" ? lastBytes(Number(last), size) : fromTo(Number(first), last, size);
  if (range === undefined) return undefined;
  if (range.start >= range.end)
    throw s3Error("InvalidRange", { RangeRequested: header, ActualObjectSize: String(size) });
  return range;
}

function lastBytes(count: number, size: number): ByteRange {
  return { start: Math.max(0, size - count), end: size };
}

function fromTo(first: number, last: string, size: number): ByteRange | undefined {
  if (last !== "" && Number(last) < first) return undefined;
  return { start: first, end: last === "" ? size : Math.min(Number(last) + 1, size) };
}

/** `bytes=0-99` of a copy's source: both ends must be given and lie within it. @throws S3Error `InvalidArgument` */
export function parseCopyRange(header: string, size: number): ByteRange {
  const [, first = "", last = ""] = /^bytes=(\d+)-(\d+)$/.exec(header.trim()) ?? [];
  const range = { start: Number(first), end: Number(last) + 1 };
  if (first !== "" && range.start < range.end && range.end <= size) return range;
  throw s3Error(
    "InvalidArgument",
    { ArgumentName: "x-amz-copy-source-range", ArgumentValue: header },
    { message: `Range specified is not valid for source object of size: ${size}` },
  );
}

/** The stretches of the parts that make up a range of the whole. */
export function stretchesOf(
  parts: readonly { readonly file: string; readonly size: number }[],
  range: ByteRange,
): readonly { readonly file: string; readonly start: number; readonly end: number }[] {
  let offset = 0;
  return parts.flatMap(({ file, size }) => {
    const start = Math.max(0, range.start - offset);
    const end = Math.min(size, range.end - offset);
    offset += size;
    return start < end ? [{ file, start, end }] : [];
  });
}
