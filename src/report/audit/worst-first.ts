/** The order in which every format tells: what is worst comes first, and equals keep their order. */
import type { BucketReport, RuleResult, Status } from "../../audit/result.ts";
import { type Layer, type Severity, severities } from "../../audit/rule.ts";
import { layerOrder } from "./words.ts";

const statusOrder: Readonly<Record<Status, number>> = {
  fail: 0,
  unknown: 1,
  suppressed: 2,
  pass: 3,
  "not-applicable": 4,
};

export function worstFirst(results: readonly RuleResult[]): readonly RuleResult[] {
  return results.toSorted(compareResults);
}

export interface FoundResult {
  readonly bucket: BucketReport;
  readonly result: RuleResult;
}

/** All results of all buckets. */
export function allWorstFirst(buckets: readonly BucketReport[]): readonly FoundResult[] {
  const found = buckets.flatMap((bucket) => bucket.results.map((result) => ({ bucket, result })));
  return found.toSorted((one, other) => compareResults(one.result, other.result));
}

/** Buckets with the worst failures first, then those with open questions; one that could not be audited leads. */
export function worstBucketsFirst(buckets: readonly BucketReport[]): readonly BucketReport[] {
  const weighed = buckets.map((bucket) => ({ bucket, weight: weightOf(bucket) }));
  return weighed.toSorted((one, other) => compareWeights(other.weight, one.weight)).map(({ bucket }) => bucket);
}

export interface LayerResults {
  readonly layer: Layer;
  readonly results: readonly RuleResult[];
}

/** One group for each layer that has results; the layer with the worst one first, then by number. */
export function byLayer(results: readonly RuleResult[]): readonly LayerResults[] {
  const layers = new Map<Layer, RuleResult[]>();
  for (const result of worstFirst(results)) layers.set(result.layer, [...(layers.get(result.layer) ?? []), result]);
  return [...layers].map(([layer, group]) => ({ layer, results: group })).toSorted(compareLayers);
}

export function countOf(bucket: BucketReport, status: Status, severity?: Severity): number {
  const counts = (result: RuleResult) =>
    result.status === status && (severity === undefined || result.severity === severity);
  return bucket.results.filter(counts).length;
}

function compareResults(one: RuleResult, other: RuleResult): number {
  return statusOrder[one.status] - statusOrder[other.status] || severityOrder(one) - severityOrder(other);
}

function compareLayers(one: LayerResults, other: LayerResults): number {
  const [first, second] = [one.results[0], other.results[0]];
  if (first === undefined || second === undefined) return 0;
  return compareResults(first, second) || layerOrder(one.layer) - layerOrder(other.layer);
}

function severityOrder({ severity }: RuleResult): number {
  return severities.indexOf(severity);
}

function weightOf(bucket: BucketReport): readonly number[] {
  const failures = severities.map((severity) => countOf(bucket, "fail", severity));
  return [bucket.error === undefined ? 0 : 1, ...failures, countOf(bucket, "unknown")];
}

function compareWeights(one: readonly number[], other: readonly number[]): number {
  const differing = one.findIndex((weight, index) => weight !== other[index]);
  return differing < 0 ? 0 : (one[differing] ?? 0) - (other[differing] ?? 0);
}
