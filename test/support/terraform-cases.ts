/** Plans and states that Terraform wrote, each beside the configuration that made it. */
import { readFileSync } from "node:fs";
import { runAudit } from "./audit-runtime.ts";

export function caseText(path: string): string {
  return readFileSync(new URL(`../terraform/cases/${path}`, import.meta.url), "utf8");
}

export interface FoundResult {
  readonly rule: string;
  readonly status: string;
  readonly severity: string;
  readonly message: string;
  readonly address?: string;
  readonly location?: { readonly file: string; readonly line: number };
}

export interface FoundBucket {
  readonly bucket: string;
  readonly address?: string;
  readonly results: readonly FoundResult[];
}

/** What `s3up audit --plan` says, as JSON. */
export async function auditedText(text: string, words: readonly string[] = []) {
  const format = words.includes("--format") ? [] : ["--format", "json"];
  const run = await runAudit(["--plan", "plan.json", ...format, ...words], { files: { "plan.json": text } });
  const isJson = run.stdout.startsWith('{"v":1');
  const report = isJson ? (JSON.parse(run.stdout) as { readonly buckets: readonly FoundBucket[] }) : undefined;
  return { ...run, buckets: report?.buckets ?? [] };
}

export function rulesWith({ results }: FoundBucket, status: string): readonly string[] {
  return results.filter((result) => result.status === status).map(({ rule }) => rule);
}
