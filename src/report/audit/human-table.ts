/** Many buckets at a glance: a row each, the worst first. */
import type { BucketReport } from "../../audit/result.ts";
import { severities } from "../../audit/rule.ts";
import type { Paint } from "./paint.ts";
import { visibleLine } from "./visible.ts";
import { countOf } from "./worst-first.ts";

const columns = [...severities, "unknown", "passed"] as const;

export function bucketTable(buckets: readonly BucketReport[], paint: Paint): string {
  const names = buckets.map(({ bucket }) => visibleLine(bucket));
  const width = Math.max("bucket".length, ...names.map((name) => name.length));
  const rows = buckets.map((bucket, index) => {
    const name = (names[index] ?? "").padEnd(width);
    return bucket.error === undefined
      ? `${name}  ${cellsOf(bucket, paint)}`
      : `${name}  ${paint.red("could not be audited")}`;
  });
  return [paint.bold(`${"bucket".padEnd(width)}  ${columns.join("  ")}`), ...rows].join("\n");
}

function cellsOf(bucket: BucketReport, paint: Paint): string {
  const cells = columns.map((column) => {
    const count = countIn(bucket, column);
    const text = String(count).padStart(column.length);
    if (count === 0) return paint.dim(text);
    if (column === "passed") return paint.green(text);
    return column === "critical" || column === "high" ? paint.red(text) : paint.yellow(text);
  });
  return cells.join("  ");
}

function countIn(bucket: BucketReport, column: (typeof columns)[number]): number {
  if (column === "passed") return countOf(bucket, "pass");
  return column === "unknown" ? countOf(bucket, "unknown") : countOf(bucket, "fail", column);
}
