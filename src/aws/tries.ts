/** How often the SDK tries one call, and how long it waits in between. */
import { ConfiguredRetryStrategy } from "@smithy/core/retry";
import { jitteredDelayMs } from "../upload/retry.ts";
import { countsTries } from "./quick-creation.ts";

/** With the pauses below a server may be away for some two seconds; the SDK's own three tries end within 0.3 s. */
const usualTries = 5;
const backoffBaseMs = 250;

type Said = Readonly<Record<string, string | undefined>>;

/** `maxAttempts` of a client; empty where the SDK reads it from the environment or the profile. */
export function triesOf(wished: number | undefined, environment: Said, section: Said | undefined) {
  if (wished !== undefined) return { maxAttempts: wished };
  return countsTries(wished, environment, section) ? {} : { maxAttempts: usualTries };
}

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
