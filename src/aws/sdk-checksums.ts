/** Checksums in the SDK's members (`ChecksumCRC32`, …) and in s3up's own form. */
import { type Checksum, type ChecksumAlgorithm, checksumAlgorithms } from "../protocol/messages.ts";

interface SdkChecksums {
  readonly ChecksumCRC32?: string | undefined;
  readonly ChecksumCRC32C?: string | undefined;
  readonly ChecksumCRC64NVME?: string | undefined;
  readonly ChecksumSHA1?: string | undefined;
  readonly ChecksumSHA256?: string | undefined;
}

export function checksumMembers({ algorithm, value }: Checksum): SdkChecksums {
  return { [memberOf(algorithm)]: value };
}

export function readChecksum(answer: SdkChecksums): Checksum | undefined {
  for (const algorithm of checksumAlgorithms) {
    const value = answer[memberOf(algorithm)];
    if (value !== undefined) return { algorithm, value };
  }
  return undefined;
}

/** The value alone: an upload has one algorithm for all of its parts. */
export function readPartChecksum(part: SdkChecksums): string | undefined {
  return readChecksum(part)?.value;
}

function memberOf(algorithm: ChecksumAlgorithm): keyof SdkChecksums {
  return `Checksum${algorithm}`;
}
