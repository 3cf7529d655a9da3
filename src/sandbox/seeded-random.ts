/**
 * Chance that can be repeated: the same seed gives the same faults in the same order, so that a failure seen once
 * can be seen again. The generator is mulberry32 (one 32-bit word of state, full period of 2^32): plenty for
 * deciding which request fails, and useless for anything secret.
 */
export type Chance = () => number;

/** Numbers in [0, 1) that depend on nothing but the seed; only its low 32 bits count. */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
