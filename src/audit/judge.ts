/** A snapshot -> what is said of the bucket: every rule's result, with what the project accepts marked as such. */
import { applyBaseline } from "./baseline.ts";
import { evaluate } from "./evaluate.ts";
import { type IntentOptions, intentFrom } from "./intent-from.ts";
import { plannedResults, withheldAnswers } from "./planned-results.ts";
import { policyAnswers } from "./policy-answers.ts";
import type { BucketReport } from "./result.ts";
import type { Rule } from "./rule.ts";
import type { BucketSnapshot } from "./snapshot.ts";
import { type Suppression, suppress } from "./suppress.ts";

export interface Criteria {
  readonly rules: readonly Rule[];
  readonly intent: IntentOptions;
  readonly suppressions: readonly Suppression[];
  /** `YYYY-MM-DD`, UTC. */
  readonly today: string;
}

/** @throws S3upError USAGE for an intent that cannot be one */
export type Judge = (snapshot: BucketSnapshot) => BucketReport;

export function judgeWith({ rules, intent, suppressions, today }: Criteria): Judge {
  return (snapshot) => {
    const { bucket, arn, source } = snapshot;
    const found = evaluate(snapshot, rules, intentFrom(intent, snapshot));
    const results = plannedResults(found, rules, snapshot);
    return {
      bucket,
      arn,
      source,
      ...(snapshot.planned === undefined ? {} : { address: snapshot.planned.address }),
      results: suppress(results, { bucket, suppressions, today }),
      policy: withheldAnswers(policyAnswers(snapshot), snapshot),
    };
  };
}

/** @param known fingerprints of findings that are there already */
export function withBaseline(reports: readonly BucketReport[], known: ReadonlySet<string>): readonly BucketReport[] {
  return reports.map((report) => ({ ...report, results: applyBaseline(report.results, report.bucket, known) }));
}
