/** Terraform plans and states as what is audited. */
import type { BucketReport, RuleResult, SourcePlace } from "../audit/result.ts";
import type { BucketSnapshot } from "../audit/snapshot.ts";
import { S3upError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import type { AuditOptions } from "./audit.ts";

/** All buckets of the files, in their order. @throws S3upError */
export async function plannedBuckets(
  paths: readonly string[],
  { signer, quiet }: AuditOptions,
  runtime: Runtime,
): Promise<readonly BucketSnapshot[]> {
  const terraform = await runtime.terraform();
  const snapshots: BucketSnapshot[] = [];
  for (const path of paths) {
    const name = path === "-" ? "standard input" : path;
    const read = terraform.read(await textOf(path, runtime), name, signer);
    snapshots.push(...read.snapshots);
    if (!quiet) for (const line of remarks(name, read)) runtime.stderr.write(`${line}\n`);
  }
  return snapshots;
}

async function textOf(path: string, { stdin, readText }: Runtime): Promise<string> {
  if (path !== "-") return readText(path);
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stdin) text += decoder.decode(bytes, { stream: true });
  return text + decoder.decode();
}

function remarks(
  path: string,
  { snapshots, left }: ReturnType<Awaited<ReturnType<Runtime["terraform"]>>["read"]>,
): readonly string[] {
  const nothing = snapshots.length === 0 ? [`There is no bucket to audit in ${path}.`] : [];
  const gone = left.length === 0 ? [] : [`Not audited, as they will be gone or no longer managed: ${left.join(", ")}.`];
  return [...nothing, ...gone];
}

/** @throws S3upError BUCKET_NOT_FOUND */
export function plannedBucket(name: string, all: readonly BucketSnapshot[], paths: readonly string[]): BucketSnapshot {
  const byName = all.find(({ bucket, planned }) => bucket === name || planned?.address === name);
  const nameless = all.filter(({ bucket, planned }) => bucket === planned?.address);
  const found = byName ?? (nameless.length === 1 && all.length === 1 ? nameless[0] : undefined);
  if (found !== undefined) return found;
  throw new S3upError("BUCKET_NOT_FOUND", `There is no bucket ${name} in ${paths.join(", ")}.`, {
    why: all.length === 0 ? "It has no bucket." : `It has ${all.map(({ bucket }) => bucket).join(", ")}.`,
    hint: "Name one of them, or audit the plan alone by naming none.",
  });
}

/** Each result with the line in which the first of its resources is written, that can be found. @throws S3upError FILE_NOT_FOUND */
export async function withPlaces(
  reports: readonly BucketReport[],
  { source }: AuditOptions,
  runtime: Runtime,
): Promise<readonly BucketReport[]> {
  if (source === undefined) return reports;
  const placeOf = await (await runtime.terraform()).locate(source);
  return reports.map((report) => ({ ...report, results: report.results.map((result) => placed(result, placeOf)) }));
}

function placed(result: RuleResult, placeOf: (address: string) => SourcePlace | undefined): RuleResult {
  for (const address of result.addresses ?? []) {
    const place = placeOf(address);
    if (place !== undefined) return { ...result, place };
  }
  return result;
}
