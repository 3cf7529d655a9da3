/** What a probe is: one question to a server, and the answer that AWS documents. */
import type { ServerUnderTest } from "./server.ts";

export interface Probe {
  /** Group letter and number; kept for ever, because the tables of known deviations refer to it. */
  readonly id: string;
  readonly title: string;
  /** What S3 answers by AWS's documentation, as `run` words it: `403 AccessDenied`, or several steps with commas. */
  readonly expected: string;
  /**
   * `servers`: at least one server that we did not write answers as expected. `documentation`: none that runs here
   * does, so that only AWS's documentation speaks for it.
   */
  readonly oracle: "servers" | "documentation";
  run(server: ServerUnderTest): Promise<string>;
}

export function probe(
  id: string,
  title: string,
  expected: string,
  run: Probe["run"],
  oracle: Probe["oracle"] = "servers",
): Probe {
  return { id, title, expected, run, oracle };
}

/** For what AWS documents and no server that runs here can confirm. */
export function documentedProbe(id: string, title: string, expected: string, run: Probe["run"]): Probe {
  return probe(id, title, expected, run, "documentation");
}
