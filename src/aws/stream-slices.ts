/** A stream cut into slices, read one after the other, without a byte being lost between them. */
export interface Slices {
  /** Up to so many bytes; shorter only where the stream ends. To be read to its end before the next is asked for. */
  next(length: number): AsyncGenerator<Uint8Array>;
  /** False when the stream has ended; waits for its next bytes to know. */
  more(): Promise<boolean>;
}

export function createSlices(bytes: AsyncIterable<Uint8Array>): Slices {
  const iterator = bytes[Symbol.asyncIterator]();
  /** Read, and not yet part of a slice. */
  let rest: Uint8Array = new Uint8Array(0);

  async function more(): Promise<boolean> {
    while (rest.byteLength === 0) {
      const { done, value } = await iterator.next();
      if (done === true) return false;
      rest = value;
    }
    return true;
  }

  async function* next(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0 && (await more()); ) {
      const piece = rest.subarray(0, left);
      rest = rest.subarray(piece.byteLength);
      left -= piece.byteLength;
      yield piece;
    }
  }

  return { next, more };
}
