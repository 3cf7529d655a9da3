/** CRC-32 in JavaScript, for where there is no `node:zlib`, which is faster. */
import { slicingCrc } from "./slicing-crc.ts";

/** Reflected; ISO 3309. */
export const CRC32_POLYNOMIAL = 0xedb88320;

/** Continues `previous` with `bytes`; 0 begins. The answer is unsigned. */
export const crc32 = slicingCrc(CRC32_POLYNOMIAL);
