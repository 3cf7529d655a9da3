/** A Runtime whose adapters of the audit are the product's own; what is written stays in memory. */
import { posix } from "node:path";
import { createLiveSource } from "../../src/aws/live-source.ts";
import { probeEndpoint } from "../../src/http/endpoint-probe.ts";
import { createPartSender } from "../../src/http/part-sender.ts";
import { main } from "../../src/main.ts";
import { renderAudit } from "../../src/report/audit/formats.ts";
import { createAuditProgress } from "../../src/report/audit/progress.ts";
import { ruleExplanation, ruleListJson, ruleTable } from "../../src/report/audit/rule-list.ts";
import { createTerraformReader } from "../../src/terraform/reader.ts";
import { type RuntimeChanges, type TestRuntime, testRuntime } from "./command-runtime.ts";

export function auditRuntime(changes: RuntimeChanges = {}): TestRuntime {
  const { environment = {} } = changes;
  const version = "1.2.3";
  const runtime: TestRuntime = testRuntime({
    now: () => new Date(),
    liveBuckets: ({ aws, signer: { functionName, role } }) =>
      createLiveSource({ ...aws, accountId: undefined, signer: { functionName, role } }, { environment, version }),
    probeEndpoint: async ({ url, auth }, { upload, signal }) => {
      const sender = createPartSender({ connections: 1, connectTimeoutMs: 5000, stallTimeoutMs: 5000 });
      const authorize = auth.kind === "token" ? async () => ({ authorization: `Bearer ${auth.token}` }) : undefined;
      try {
        return await probeEndpoint({
          url,
          sender,
          authorize,
          upload,
          sleep: async () => {},
          now: () => new Date(),
          signal,
        });
      } finally {
        sender.close();
      }
    },
    terraform: async () =>
      createTerraformReader({
        list: async (directory) =>
          Object.keys(changes.files ?? {}).flatMap((path) =>
            posix.dirname(path) === directory ? [posix.basename(path)] : [],
          ),
        read: async (path) => changes.files?.[path],
      }),
    auditTexts: async () => ({
      render: (format, report, { rules }) => renderAudit(format, report, { version, rules, color: false }),
      ruleTable,
      ruleListJson,
      ruleExplanation,
      progress: ({ total, shown }) =>
        createAuditProgress({ stderr: runtime.stderr, startSpinner: undefined, now: () => 0, total, shown }),
    }),
    ...changes,
  });
  return runtime;
}

export interface AuditRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly written: ReadonlyMap<string, string>;
  /** What was told as JSON Lines, such as an error with --json. */
  readonly lines: TestRuntime["lines"];
}

/** `s3up audit <words>` from argv to the exit code. Keys are taken from the process, where the SDK looks. */
export async function runAudit(words: readonly string[], changes: RuntimeChanges = {}): Promise<AuditRun> {
  const runtime = auditRuntime(changes);
  const exitCode = await main(["audit", ...words], runtime);
  return {
    exitCode,
    stdout: runtime.out(),
    stderr: runtime.err(),
    written: runtime.writtenFiles,
    lines: runtime.lines,
  };
}

/** `rule` -> status, of the only bucket in a report as JSON. */
export function statusesIn(json: string): Readonly<Record<string, string>> {
  const { buckets } = JSON.parse(json) as {
    readonly buckets: readonly { readonly results: readonly { readonly rule: string; readonly status: string }[] }[];
  };
  const [bucket] = buckets;
  if (bucket === undefined || buckets.length > 1) throw new Error(`${buckets.length} buckets`);
  return Object.fromEntries(bucket.results.map(({ rule, status }) => [rule, status]));
}

export function failuresIn(json: string): readonly string[] {
  return Object.entries(statusesIn(json)).flatMap(([rule, status]) => (status === "fail" ? [rule] : []));
}
