import { parseNumber } from "./condition-value.ts";
import type { Policy } from "./document.ts";

/** A limit that a Deny puts on the age of signatures. */
export interface AgeLimit {
  readonly index: number;
  readonly path: string;
  readonly limitMs: number;
  /** The number is so small that seconds were probably meant: the key counts milliseconds. */
  readonly looksLikeSeconds: boolean;
}

/** Below a minute nothing but a mistake of the unit is likely; AWS warns of anything under two minutes. */
const LIKELY_SECONDS_BELOW_MS = 60_000;

/** Every limit on `s3:signatureAge` that some Deny sets, the strictest of several values. */
export function signatureAgeLimits(policy: Policy): readonly AgeLimit[] {
  return policy.statements.flatMap(({ effect, index, conditions }) =>
    conditions
      .filter(({ keyName, operator }) => keyName === "s3:signatureage" && operator.comparison.startsWith("greater"))
      .flatMap(({ path, values }) => {
        const limits = values.flatMap((value) => parseNumber(value) ?? []);
        if (effect === "Allow" || limits.length === 0) return [];
        const limitMs = Math.min(...limits);
        return [{ index, path, limitMs, looksLikeSeconds: limitMs < LIKELY_SECONDS_BELOW_MS }];
      }),
  );
}
