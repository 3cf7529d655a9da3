/** The rows of one chapter as tests: in `npm test` the quick ones, in `npm run test:faults` all of them. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { brokenPromises } from "./invariants.ts";
import type { Chapter } from "./matrix.ts";
import { noteTrial } from "./report.ts";
import { makeTestFiles, type TestFiles } from "./test-files.ts";
import { play } from "./trial.ts";

/** Settable, so that a failure can be played again. */
export const seed = Number(process.env.S3UP_FAULT_SEED || 20_261);
export const everything = process.env.S3UP_FAULT_SET === "long";

export function playChapter({ title, scenarios }: Chapter): void {
  let files: TestFiles;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ files, remove } = await makeTestFiles(seed));
  });
  afterAll(() => remove());

  describe(`${title} (S3UP_FAULT_SEED=${seed}): when`, { timeout: 150_000 }, () => {
    for (const scenario of scenarios.filter(({ long }) => everything || !long)) {
      test(`${scenario.when} (${scenario.mode})`, async ({ task }) => {
        const played = await play(scenario, files, seed);
        const broken = brokenPromises(scenario, played, files);
        noteTrial(task, { ...scenario, chapter: title, ...played, exitCode: played.ran.exitCode, broken });
        expect(broken, played.ran.stderr + (played.again?.ran.stderr ?? "")).toEqual([]);
      });
    }
  });
}
