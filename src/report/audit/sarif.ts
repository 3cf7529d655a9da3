/**
 * SARIF 2.1.0 for code scanning. Source of the limits and of what GitHub reads: "SARIF support for code scanning" in its
 * documentation. GitHub ignores `kind` and `suppressions`, so passes are left out, and whoever uploads takes the
 * suppressed results out first, as action.yml does.
 */
import type { AuditReport, BucketReport, RuleResult } from "../../audit/result.ts";
import type { AuditTextOptions } from "./format.ts";
import { levelOf, sarifRule } from "./sarif-rule.ts";
import { visibleLine } from "./visible.ts";
import { addressText, errorText, findingLines, missingActions, suppressionText } from "./words.ts";
import { allWorstFirst, type FoundResult } from "./worst-first.ts";

/** A file with more is refused as a whole. */
const mostResults = 25_000;
/** GitHub keeps so many and drops the mildest. */
const shownResults = 5_000;
const defaultAnchorFile = "s3up.config.json";

const schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

export function sarifText(report: AuditReport, options: AuditTextOptions): string {
  const found = allWorstFirst(report.buckets).filter(({ result }) => isReported(result));
  const log = { $schema: schema, version: "2.1.0", runs: [runOf(report, found, options)] };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function runOf(report: AuditReport, found: readonly FoundResult[], options: AuditTextOptions) {
  const indexes = new Map(options.rules.map(({ id }, index) => [id, index]));
  const anchor = artifactUri(options.anchorFile ?? defaultAnchorFile);
  return {
    tool: {
      driver: {
        name: "s3up",
        fullName: `s3up audit ${options.version}`,
        semanticVersion: options.version,
        rules: options.rules.map(sarifRule),
      },
    },
    invocations: [invocationOf(report, found.length)],
    columnKind: "utf16CodeUnits",
    results: found.slice(0, mostResults).map((entry) => resultOf(entry, indexes.get(entry.result.rule), anchor)),
  };
}

function isReported({ status }: RuleResult): boolean {
  return status === "fail" || status === "unknown" || status === "suppressed";
}

function resultOf({ bucket, result }: FoundResult, ruleIndex: number | undefined, anchor: string) {
  const unknown = result.status === "unknown";
  return {
    ruleId: result.rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    // "open" is SARIF's word for "not enough information to decide", and it goes with no level.
    kind: unknown ? "open" : "fail",
    level: unknown ? "none" : levelOf(result.severity),
    message: { text: messageOf(bucket, result) },
    locations: [locationOf(bucket, result, anchor)],
    // GitHub looks at the first name only, and expects the number of the occurrence at the end.
    partialFingerprints: {
      primaryLocationLineHash: `${result.fingerprint}:1`,
      "s3up/v1": result.fingerprint,
    },
    ...(result.status === "suppressed" ? { suppressions: [suppressionOf(result)] } : {}),
    properties: propertiesOf(bucket, result),
  };
}

function messageOf({ bucket }: BucketReport, result: RuleResult): string {
  const actions = missingActions([result]);
  const missing = actions.length === 0 ? [] : [`Missing permission: ${actions.join(", ")}.`];
  const place = result.message.includes(bucket) ? [] : [`In ${bucket}:`];
  const address = addressText(result);
  const where = address === undefined ? [] : [`In ${address}.`];
  const lines = [...place, ...findingLines(result), ...where, ...missing];
  return lines.map((line) => withoutLinks(visibleLine(line))).join("\n");
}

/** SARIF reads `[text](target)` in a message as a link, and what a bucket holds must not make one. */
function withoutLinks(text: string): string {
  return text.replaceAll("](", "] (");
}

function locationOf({ bucket, arn }: BucketReport, { place, addresses = [] }: RuleResult, anchor: string) {
  const ofBucket = { name: bucket, fullyQualifiedName: arn ?? `arn:aws:s3:::${bucket}`, kind: "resource" };
  return {
    physicalLocation: {
      artifactLocation: { uri: place === undefined ? anchor : artifactUri(place.path), uriBaseId: "%SRCROOT%" },
      region:
        place === undefined
          ? { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 }
          : { startLine: place.line, startColumn: 1 },
    },
    logicalLocations:
      addresses.length === 0
        ? [ofBucket]
        : addresses.map((address) => ({ name: address, fullyQualifiedName: address, kind: "resource" })),
  };
}

function suppressionOf(result: RuleResult) {
  const { expires, by } = result.suppression ?? {};
  return {
    kind: "external",
    status: "accepted",
    justification: visibleLine(suppressionText(result)),
    properties: { ...(by === undefined ? {} : { by }), ...(expires === undefined ? {} : { expires }) },
  };
}

function propertiesOf({ bucket, source }: BucketReport, { severity, layer, status, witness }: RuleResult) {
  return { bucket, source, severity, layer, status, ...(witness === undefined ? {} : { witness }) };
}

function invocationOf({ buckets, exitCode }: AuditReport, count: number) {
  const failed = buckets.filter(({ error }) => error !== undefined);
  const notifications = [
    ...failed.map((bucket) => notification("error", errorText(bucket))),
    ...limitNotices(count).map((text) => notification("warning", text)),
  ];
  return { executionSuccessful: failed.length === 0, exitCode, toolExecutionNotifications: notifications };
}

function limitNotices(count: number): readonly string[] {
  const notices = [];
  if (count > mostResults) {
    notices.push(
      `${count - mostResults} results, the mildest, are left out: GitHub refuses a file with more than 25,000.`,
    );
  }
  if (count > shownResults) notices.push("GitHub shows 5,000 results of a file; the worst come first here.");
  return notices;
}

function notification(level: "error" | "warning", text: string) {
  return { level, message: { text: withoutLinks(visibleLine(text)) } };
}

/** A relative reference with forward slashes, each segment percent-encoded. */
function artifactUri(path: string): string {
  const segments = path
    .replaceAll("\\", "/")
    .replace(/^(?:\.?\/)+/, "")
    .split("/");
  return segments.map(encodeURIComponent).join("/");
}
