/** One vitest test per probe, judged against the server's table. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { complaint, type KnownDeviations, staleRows } from "./judge.ts";
import { probes } from "./probes/index.ts";
import type { ServerUnderTest } from "./server.ts";

/** `name` is the table's: `rgw-20`. */
export function readTable(name: string): KnownDeviations {
  return JSON.parse(readFileSync(new URL(`known-deviations/${name}.json`, import.meta.url), "utf8"));
}

export function probeSuite(known: KnownDeviations, server: () => ServerUnderTest): void {
  test.for(probes.map((probe) => [`${probe.id} ${probe.title}`, probe] as const))("%s", async ([, probe]) => {
    const answer = await probe.run(server());
    const wrong = complaint(probe, answer, known[probe.id]);
    if (wrong !== undefined) expect.fail(wrong);
  });

  test("the table of deviations speaks only of probes, and says something of each", () => {
    expect(staleRows(known, probes)).toEqual([]);
  });
}
