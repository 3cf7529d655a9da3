/** The sizes of the parts of a stream, whose length nobody knows: they grow, so that 10,000 of them hold 5 TiB. */
import { S3_LIMITS } from "./part-layout.ts";

/** So many parts of one size, one stage after the other. */
export interface StreamStage {
  /** Bytes. */
  readonly partSize: number;
  readonly partCount: number;
}

const MiB = 1024 ** 2;
const mostBytes = 5 * 1024 ** 4;
/** Parts before their size doubles: the first 500 of 8 MiB hold 3.9 GiB, and a short stream needs little memory. */
const partsPerStage = 500;
const capStep = 64 * MiB;

/**
 * Doubles every 500 parts up to the smallest size with which all 10,000 hold 5 TiB: a part is kept in memory until S3 has
 * it, so none is larger than it must be.
 * @param first bytes of the first parts, within S3's limits
 */
export function growingStages(first: number): readonly StreamStage[] {
  for (let cap = Math.max(first, capStep); ; cap += capStep) {
    const stages = doublingStages(first, Math.min(cap, S3_LIMITS.maxPartSize));
    if (capacityOf(stages) >= mostBytes) return stages;
  }
}

/** For a store that takes parts of one size only. */
export function equalStages(partSize: number): readonly StreamStage[] {
  return [{ partSize, partCount: S3_LIMITS.maxParts }];
}

/** Bytes that all stages hold together. */
export function capacityOf(stages: readonly StreamStage[]): number {
  return stages.reduce((sum, { partSize, partCount }) => sum + partSize * partCount, 0);
}

function doublingStages(first: number, cap: number): readonly StreamStage[] {
  const stages: StreamStage[] = [];
  let left: number = S3_LIMITS.maxParts;
  for (let partSize = first; partSize < cap && left > partsPerStage; partSize *= 2) {
    stages.push({ partSize, partCount: partsPerStage });
    left -= partsPerStage;
  }
  return [...stages, { partSize: cap, partCount: left }];
}
