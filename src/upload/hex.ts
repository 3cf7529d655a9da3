/** Hexadecimal digits of bytes, without Node's Buffer. */

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Reads pairs of digits up to the first that is none. */
export function fromHex(text: string): Uint8Array {
  const [digits = ""] = /^(?:[0-9a-f]{2})*/i.exec(text) ?? [];
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
