/**
 * CRC-64/NVME, which Node does not have. Eight bytes a step, by eight tables ("slicing by 8"); every 64-bit value is
 * held as two 32-bit halves, since BigInt arithmetic for each byte would be a hundred times slower.
 */

/** Reflected; NVM Express NVM Command Set Specification 1.0, section 5.2.1.3.4. */
export const CRC64NVME_POLYNOMIAL = 0x9a6c9329ac4bc9b5n;

const allOnes = 0xffff_ffff_ffff_ffffn;

let tables: Tables | undefined;

/** Continues `previous` with `bytes`; 0n begins. */
export function crc64nvme(bytes: Uint8Array, previous = 0n): bigint {
  tables ??= makeTables();
  const { high: highs, low: lows } = tables;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.byteLength - (bytes.byteLength % 8);

  const start = previous ^ allOnes;
  let high = Number(start >> 32n) | 0;
  let low = Number(start & 0xffff_ffffn) | 0;

  for (let at = 0; at < whole; at += 8) {
    const a = low ^ view.getInt32(at, true);
    const b = high ^ view.getInt32(at + 4, true);
    // Table n starts at n * 256; the byte that comes first has the most bytes behind it.
    const i7 = 0x700 | (a & 0xff);
    const i6 = 0x600 | ((a >>> 8) & 0xff);
    const i5 = 0x500 | ((a >>> 16) & 0xff);
    const i4 = 0x400 | (a >>> 24);
    const i3 = 0x300 | (b & 0xff);
    const i2 = 0x200 | ((b >>> 8) & 0xff);
    const i1 = 0x100 | ((b >>> 16) & 0xff);
    const i0 = b >>> 24;
    high = xor8(highs, i7, i6, i5, i4, i3, i2, i1, i0);
    low = xor8(lows, i7, i6, i5, i4, i3, i2, i1, i0);
  }
  for (let at = whole; at < bytes.byteLength; at += 1) {
    const index = (low ^ view.getUint8(at)) & 0xff;
    low = (lows[index] as number) ^ ((low >>> 8) | (high << 24));
    high = (highs[index] as number) ^ (high >>> 8);
  }
  return ((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)) ^ allOnes;
}

/** Eight tables of 256 entries in a row, once for the high halves and once for the low ones. */
interface Tables {
  readonly high: Int32Array;
  readonly low: Int32Array;
}

function xor8(
  table: Int32Array,
  i7: number,
  i6: number,
  i5: number,
  i4: number,
  i3: number,
  i2: number,
  i1: number,
  i0: number,
): number {
  return (
    (table[i7] as number) ^
    (table[i6] as number) ^
    (table[i5] as number) ^
    (table[i4] as number) ^
    (table[i3] as number) ^
    (table[i2] as number) ^
    (table[i1] as number) ^
    (table[i0] as number)
  );
}

function makeTables(): Tables {
  const high = new Int32Array(8 * 256);
  const low = new Int32Array(8 * 256);
  const first: bigint[] = [];
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ CRC64NVME_POLYNOMIAL : crc >> 1n;
    first.push(crc);
  }
  let current = first;
  for (let zeroes = 0; zeroes < 8; zeroes += 1) {
    for (const [byte, crc] of current.entries()) {
      high[zeroes * 256 + byte] = Number(crc >> 32n);
      low[zeroes * 256 + byte] = Number(crc & 0xffff_ffffn);
    }
    current = current.map((crc) => (crc >> 8n) ^ (first[Number(crc & 0xffn)] as bigint));
  }
  return { high, low };
}
