import { isAbsolute, join } from "node:path";

/**
 * Where s3up keeps what has to outlive a run, by the XDG Base Directory Specification: a relative XDG_STATE_HOME is to be
 * ignored. Undefined when nothing says where.
 */
export function stateDirectory(
  environment: Readonly<Record<string, string | undefined>>,
  home: string | undefined,
): string | undefined {
  const { XDG_STATE_HOME: state = "" } = environment;
  if (isAbsolute(state)) return join(state, "s3up");
  return home === undefined || !isAbsolute(home) ? undefined : join(home, ".local", "state", "s3up");
}
