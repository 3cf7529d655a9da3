/** How long the SDK waits between two tries of a call. */
import { ConfiguredRetryStrategy } from "@smithy/core/retry";
import { jitteredDelayMs } from "../upload/retry.ts";

const backoffBaseMs = 250;

type Said = Readonly<Record<string, string | undefined>>;

/**
 * The pauses of the engine, unless the user chose one of the SDK's modes.
 * @param random a number in [0, 1); undefined: the SDK's own pauses
 */
export function retryOf(
  tries: () => Promise<number>,
  random: (() => number) | undefined,
  environment: Said,
  section: Said | undefined,
) {
  if (random === undefined || environment.AWS_RETRY_MODE || section?.retry_mode !== undefined) return {};
  const pause = (attempt: number) => jitteredDelayMs(attempt, backoffBaseMs, random);
  return { retryStrategy: new ConfiguredRetryStrategy(tries, pause) };
}
