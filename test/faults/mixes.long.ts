/**
 * Faults of any kind at any request, by chance: nobody wrote down how these uploads end, but however they end, the
 * promises hold. S3UP_FAULT_ROUNDS says how many, S3UP_FAULT_SEED which.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FaultRule } from "../../src/sandbox/fault-rule.ts";
import { type Chance, seededChance } from "../../src/sandbox/seeded-random.ts";
import { always, nothing, whole } from "./invariants.ts";
import { seed } from "./play-chapter.ts";
import { noteTrial } from "./report.ts";
import { type Scenario, stored } from "./scenario.ts";
import { makeTestFiles, type TestFiles } from "./test-files.ts";
import { play } from "./trial.ts";

const rounds = Number(process.env.S3UP_FAULT_ROUNDS || 60);
const MiB = 1024 ** 2;

let files: TestFiles;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ files, remove } = await makeTestFiles(seed));
});
afterAll(() => remove());

describe(`mixes of faults (S3UP_FAULT_SEED=${seed}, S3UP_FAULT_ROUNDS=${rounds})`, { timeout: 300_000 }, () => {
  for (let round = 0; round < rounds; round += 1) {
    const scenario = mixed(seededChance(seed * 1_000 + round));
    test(`${round}: ${scenario.when}, ${scenario.mode}, ${scenario.shape}`, async ({ task }) => {
      const played = await play(scenario, files, seed + round);
      const file = files[scenario.shape];
      const broken = [
        ...always(played, played.secrets),
        ...(played.ran.exitCode === 0 ? whole(played, file) : nothing(played)),
      ];
      noteTrial(task, { ...scenario, chapter: "Mixes by chance", ...played, exitCode: played.ran.exitCode, broken });
      expect(broken, played.ran.stderr).toEqual([]);
    });
  }
});

const kinds = [
  ...["reset-before", "reset-after", "stall", "status-500", "slow-down", "expired", "expired-token", "skewed"],
  ...["moved-for-now", "error-in-200", "truncated", "wrong-etag", "html", "lost-answer", "silent", "stalled-answer"],
] as readonly FaultRule["kind"][];
const operations = {
  credentials: {
    parts: ["CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "*"],
    single: ["PutObject"],
  },
  endpoint: { parts: ["Presign", "UploadPart", "CompleteMultipartUpload", "*"], single: ["Presign", "PutObject"] },
} as const;

/** Two to five faults, each of which hits a share of the requests that it is about. */
function mixed(chance: Chance): Scenario {
  const oneOf = <T>(things: readonly T[]): T => things[Math.floor(chance() * things.length)] as T;
  const mode = oneOf(["credentials", "endpoint"] as const);
  const shape = oneOf(["parts", "parts", "parts", "single"] as const);
  const faults = Array.from({ length: 2 + Math.floor(chance() * 4) }, (): FaultRule => {
    const kind = oneOf(kinds);
    return {
      kind,
      operation: oneOf(operations[mode][shape]),
      probability: oneOf([0.2, 0.5, 0.9]),
      count: oneOf([1, 2, 5]),
      ...(kind === "reset-after" || kind === "stall" ? { bytes: Math.floor(chance() * 6 * MiB) } : {}),
    };
  });
  const when = faults.map(({ kind, operation, probability, count }) => `${kind} ${operation} ${probability}x${count}`);
  const flags = ["--stall-timeout", "1500ms", "--max-attempts", "6"];
  return { when: when.join(" + "), mode, shape, faults, flags, ends: stored, long: true };
}
