import type { Checksum, ChecksumAlgorithm } from "../protocol/messages.ts";
import { Refusal } from "./refusal.ts";

/** Bytes of a value before its base64. */
const bytesOf: Record<ChecksumAlgorithm, number> = { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 };

/** @throws Refusal invalid_checksum */
export function refuseBadChecksum({ algorithm, value }: Checksum, allowed: readonly ChecksumAlgorithm[]): void {
  if (!allowed.includes(algorithm)) {
    throw new Refusal("invalid_checksum", `${algorithm} is not taken here; use ${allowed.join(" or ")}.`, {
      field: "checksum.algorithm",
    });
  }
  if (!isChecksumValue(algorithm, value)) {
    throw new Refusal("invalid_checksum", `The checksum is not the base64 of ${bytesOf[algorithm]} bytes.`, {
      field: "checksum.value",
    });
  }
}

/** True for canonical base64 of as many bytes as the algorithm makes. */
export function isChecksumValue(algorithm: ChecksumAlgorithm, value: string): boolean {
  const bytes = bytesOf[algorithm];
  const padding = (3 - (bytes % 3)) % 3;
  const digits = Math.ceil(bytes / 3) * 4 - padding;
  return new RegExp(`^[A-Za-z0-9+/]{${digits}}={${padding}}$`).test(value);
}
