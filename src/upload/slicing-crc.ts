/** Any reflected CRC of 32 bits, eight bytes a step, by eight tables ("slicing by 8"). */

type Table = Int32Array;
type Tables = readonly [Table, Table, Table, Table, Table, Table, Table, Table];

/**
 * @param polynomial reflected
 * @returns a function that continues `previous` with `bytes`; 0 begins. Its answer is unsigned.
 */
export function slicingCrc(polynomial: number): (bytes: Uint8Array, previous?: number) => number {
  let tables: Tables | undefined;
  return (bytes, previous = 0) => {
    tables ??= makeTables(polynomial);
    return continueCrc(tables, bytes, previous);
  };
}

function continueCrc([t0, t1, t2, t3, t4, t5, t6, t7]: Tables, bytes: Uint8Array, previous: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.byteLength - (bytes.byteLength % 8);

  let crc = ~previous;
  for (let at = 0; at < whole; at += 8) {
    const low = crc ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    crc =
      (t7[low & 0xff] as number) ^
      (t6[(low >>> 8) & 0xff] as number) ^
      (t5[(low >>> 16) & 0xff] as number) ^
      (t4[low >>> 24] as number) ^
      (t3[high & 0xff] as number) ^
      (t2[(high >>> 8) & 0xff] as number) ^
      (t1[(high >>> 16) & 0xff] as number) ^
      (t0[high >>> 24] as number);
  }
  for (let at = whole; at < bytes.byteLength; at += 1) {
    crc = (t0[(crc ^ view.getUint8(at)) & 0xff] as number) ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

/** `tables[n][b]` is the remainder of byte `b` followed by `n` zero bytes. */
function makeTables(polynomial: number): Tables {
  const first = new Int32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    first[byte] = crc;
  }
  const all = [first];
  for (let zeroes = 1; zeroes < 8; zeroes += 1) {
    const shorter = all[zeroes - 1] as Table;
    all.push(shorter.map((crc) => (crc >>> 8) ^ (first[crc & 0xff] as number)));
  }
  return all as unknown as Tables;
}
