/** The audit itself: snapshots -> results -> what is accepted taken out -> reports -> exit code. */
import { baselineText, parseBaseline } from "../audit/baseline.ts";
import { driftWith, settingsDrift } from "../audit/drift.ts";
import { withEndpoint } from "../audit/endpoint-snapshot.ts";
import { facets as everyFacet } from "../audit/facet-access.ts";
import type { Facet } from "../audit/facets.ts";
import { type Criteria, type Judge, judgeWith, withBaseline } from "../audit/judge.ts";
import { type Audited, auditMany } from "../audit/many.ts";
import type { AuditReport, BucketReport } from "../audit/result.ts";
import type { Rule } from "../audit/rule.ts";
import { chooseRules } from "../audit/rule-choice.ts";
import { rules as allRules, ruleDescriptions } from "../audit/rules/index.ts";
import { snapshotDocument } from "../audit/snapshot-file.ts";
import { checkSuppressions, suppressionExpired } from "../audit/suppress.ts";
import { exitCodeFor, summarise } from "../audit/threshold.ts";
import type { S3upError } from "../errors.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { AuditTexts, Runtime } from "../runtime.ts";
import type { AuditOptions } from "./audit.ts";
import { readEndpoint } from "./audit-endpoint.ts";
import { formatOf } from "./audit-outputs.ts";
import { withPlaces } from "./audit-plan.ts";
import { type BucketsToAudit, bucketsToAudit } from "./audit-sources.ts";

/** Buckets read at a time: one has some twenty reads under way. */
const concurrency = 8;

/** @throws S3upError */
export async function auditBuckets(options: AuditOptions, runtime: Runtime): Promise<ExitCode> {
  const rules = rulesOf(options);
  const suppressions = checkSuppressions(
    options.suppressions,
    ruleDescriptions.map(({ id }) => id),
    options.configPath ?? "the configuration",
  );
  const known =
    options.baseline === undefined
      ? undefined
      : parseBaseline(await runtime.readText(options.baseline), options.baseline);
  const texts = await runtime.auditTexts();
  const endpoint = await readEndpoint(options, runtime);
  const buckets = await bucketsToAudit(options, endpoint, runtime);
  try {
    const judge = judgeFor(buckets, {
      rules,
      suppressions,
      today: runtime.now().toISOString().slice(0, 10),
      intent: { ...options.intent, signedHeaders: options.intent.signedHeaders ?? endpoint?.signedHeaders },
    });
    const read = await readAndJudge(buckets, { options, rules, judge, endpoint, texts, runtime });
    await saveSnapshots(read, options, runtime);
    const placed = await withPlaces(read.reports, options, runtime);
    const reports = await acceptKnown(placed, known, options, runtime);
    return await tell(reports, { options, rules, texts, runtime });
  } finally {
    buckets.close();
  }
}

function judgeFor({ plannedOf }: BucketsToAudit, criteria: Criteria): Judge {
  if (plannedOf === undefined) return judgeWith(criteria);
  const drift = driftWith(criteria);
  return (live) => drift(live, plannedOf(live));
}

/** Of an endpoint alone only what is seen of it from outside can be judged. */
function rulesOf({ rules: wish, targets }: AuditOptions): readonly Rule[] {
  const chosen = chooseRules(allRules, wish);
  if (wish.only.length > 0) return chosen;
  // what a plan changes is told by a plan alone
  if (targets.kind !== "endpoint")
    return chosen.filter(({ needs }) => targets.kind === "plan" || !needs.includes("change"));
  return chosen.filter(({ needs }) => needs.includes("endpoint") && needs.every((facet) => seenFromOutside.has(facet)));
}

/** A signer that nobody named is none. */
const seenFromOutside: ReadonlySet<Facet> = new Set(["endpoint", "signer"]);

interface Work {
  readonly options: AuditOptions;
  readonly rules: readonly Rule[];
  readonly judge: Judge;
  readonly endpoint: Awaited<ReturnType<typeof readEndpoint>>;
  readonly texts: AuditTexts;
  readonly runtime: Runtime;
}

interface ReadBuckets {
  /** In the order in which the buckets were named or listed. */
  readonly reports: readonly BucketReport[];
  readonly documents: readonly object[];
}

interface Judged {
  readonly report: BucketReport;
  readonly document: object | undefined;
}

async function readAndJudge(buckets: BucketsToAudit, work: Work): Promise<ReadBuckets> {
  const { options, rules, judge, endpoint, texts, runtime } = work;
  const saves = options.saveSnapshot !== undefined;
  const needed = new Set(saves || buckets.plannedOf !== undefined ? everyFacet : rules.flatMap(({ needs }) => needs));
  const progress = texts.progress({ total: buckets.count, shown: options.progress && !options.quiet });
  const audited: Audited<Judged>[] = [];
  try {
    const many = auditMany(buckets.list(runtime.signal), {
      source: buckets,
      needed,
      concurrency,
      signal: runtime.signal,
      emit: (event) => progress.emit(event),
      judge: (read): Judged => {
        const snapshot = withEndpoint(read, endpoint, buckets.names);
        return { report: judge(snapshot), document: saves ? snapshotDocument(snapshot) : undefined };
      },
    });
    for await (const one of many) audited.push(one);
  } finally {
    progress.close();
  }
  const [only] = audited;
  // one bucket that cannot be looked at is not a report with a hole but an error
  if (audited.length === 1 && only?.state === "failed") throw only.error;
  const inOrder = audited.toSorted((one, other) => one.index - other.index);
  return {
    reports: inOrder.map((one) => (one.state === "judged" ? one.value.report : failedReport(one.bucket, one.error))),
    documents: inOrder.flatMap((one) => (one.state === "judged" && one.value.document ? [one.value.document] : [])),
  };
}

function failedReport(bucket: string, { code, message, why, hint }: S3upError): BucketReport {
  return {
    bucket,
    source: "live",
    results: [],
    policy: { public: "unknown", strangers: { answer: "unknown", can: [], reason: message }, masked: "unknown" },
    error: {
      code,
      message: why === undefined ? message : `${message} ${why}`,
      ...(hint === undefined ? {} : { hint }),
    },
  };
}

/** Several buckets: one document on each line. */
async function saveSnapshots(
  { documents }: ReadBuckets,
  { saveSnapshot }: AuditOptions,
  runtime: Runtime,
): Promise<void> {
  if (saveSnapshot === undefined) return;
  const [only] = documents;
  const text =
    documents.length === 1
      ? `${JSON.stringify(only, undefined, 2)}\n`
      : documents.map((document) => `${JSON.stringify(document)}\n`).join("");
  await runtime.writeText(saveSnapshot, text);
}

/** What is in the baseline, and what is just being written into one, no longer fails. */
async function acceptKnown(
  reports: readonly BucketReport[],
  known: ReadonlySet<string> | undefined,
  { writeBaseline }: AuditOptions,
  runtime: Runtime,
): Promise<readonly BucketReport[]> {
  const accepted = known === undefined ? reports : withBaseline(reports, known);
  if (writeBaseline === undefined) return accepted;
  const text = baselineText(accepted);
  await runtime.writeText(writeBaseline, text);
  return withBaseline(accepted, parseBaseline(text, writeBaseline));
}

interface Telling {
  readonly options: AuditOptions;
  readonly rules: readonly Rule[];
  readonly texts: AuditTexts;
  readonly runtime: Runtime;
}

async function tell(buckets: readonly BucketReport[], { options, rules, texts, runtime }: Telling): Promise<ExitCode> {
  const { failOn, format, formatSaid, outputs, color } = options;
  const exitCode = exitCodeFor(buckets, failOn);
  const report: AuditReport = { buckets, summary: summarise(buckets), exitCode, failOn };
  const found = [...(options.targets.kind === "drift" ? [settingsDrift] : []), suppressionExpired];
  const told = { rules: [...rules, ...found.map((one) => ({ ...one, needs: [] }))], color };
  // first, so that a file that cannot be written takes the result from nobody
  await runtime.stdout.writeAll(texts.render(format, report, told));
  for (const output of outputs) {
    const pieces = texts.render(formatOf(output, formatSaid), report, { ...told, color: false });
    await runtime.writeText(output.path, pieces);
  }
  return exitCode;
}
