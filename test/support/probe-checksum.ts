import { createHash } from "node:crypto";

/** In base64; CRC32 bit by bit, because Node 20.19 may have none. */
export function checksumOf(algorithm: "SHA256" | "CRC32", text: string): string {
  if (algorithm === "SHA256") return createHash("sha256").update(text).digest("base64");
  let crc = ~0;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(~crc >>> 0);
  return bytes.toString("base64");
}
