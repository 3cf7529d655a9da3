/** CRC-32C (Castagnoli), which Node does not have. */
import { slicingCrc } from "./slicing-crc.ts";

/** Reflected; RFC 3720, appendix B.4. */
export const CRC32C_POLYNOMIAL = 0x82f63b78;

/** Continues `previous` with `bytes`; 0 begins. The answer is unsigned. */
export const crc32c = slicingCrc(CRC32C_POLYNOMIAL);
