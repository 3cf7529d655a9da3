/**
 * A UUID that begins with the time, so that keys of one day sort by it.
 * @param random 10 bytes of a source that nobody can guess
 * @see RFC 9562, section 5.7
 */
export function uuidV7(now: Date, random: Uint8Array): string {
  if (random.byteLength !== 10) throw new RangeError("a UUIDv7 takes 10 random bytes");
  const time = now.getTime().toString(16).padStart(12, "0");
  const tail = [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const variant = ((Number.parseInt(tail.slice(3, 4), 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(0, 3)}-${variant}${tail.slice(4, 7)}-${tail.slice(7, 19)}`;
}
