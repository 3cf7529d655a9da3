/** How often a call is tried. */

/** With the engine's pauses a server may be away for some two seconds; the SDK's own three tries end within 0.3 s. */
const usualTries = 5;

type Said = Readonly<Record<string, string | undefined>>;

/** Where the tries of a call are counted by the user, the SDK counts all of them. */
export function countsTries(wished: number | undefined, environment: Said, section?: Said): boolean {
  return wished !== undefined || Boolean(environment.AWS_MAX_ATTEMPTS) || section?.max_attempts !== undefined;
}

/** `maxAttempts` of a client; empty where the SDK reads it from the environment or the profile. */
export function triesOf(wished: number | undefined, environment: Said, section?: Said) {
  if (wished !== undefined) return { maxAttempts: wished };
  return countsTries(wished, environment, section) ? {} : { maxAttempts: usualTries };
}
