/**
 * Annotations of a GitHub Actions run: workflow commands on standard output. A step may make ten of each kind; GitHub
 * drops the rest without a word, so the rest is counted here.
 */
import type { AuditReport, BucketReport, RuleResult, SourcePlace } from "../../audit/result.ts";
import { countText } from "../units.ts";
import { visibleLine, visibleLines } from "./visible.ts";
import { addressText, countsSentence, exitSentence, findingLines, missingActions } from "./words.ts";
import { allWorstFirst, type FoundResult } from "./worst-first.ts";

const mostOfEachKind = 10;

type Kind = "error" | "warning" | "notice";

interface Annotation {
  readonly kind: Kind;
  readonly title: string;
  readonly message: string;
  /** Undefined: of nothing that is written in a file. */
  readonly place?: SourcePlace | undefined;
}

export function githubAnnotations(report: AuditReport): string {
  const annotations = annotationsOf(report);
  const lines = (["error", "warning", "notice"] as const).flatMap((kind) => {
    const ofKind = annotations.filter((annotation) => annotation.kind === kind);
    const left = ofKind.length - mostOfEachKind;
    const rest = left > 0 ? [`${countText(left, `more ${kind}`)} without an annotation: GitHub shows ten.`] : [];
    return [...ofKind.slice(0, mostOfEachKind).map(commandOf), ...rest];
  });
  return `${[...lines, countsSentence(report), exitSentence(report)].join("\n")}\n`;
}

function annotationsOf({ buckets }: AuditReport): readonly Annotation[] {
  return [...buckets.flatMap(bucketAnnotation), ...allWorstFirst(buckets).flatMap(resultAnnotation)];
}

function bucketAnnotation({ bucket, error }: BucketReport): readonly Annotation[] {
  if (error === undefined) return [];
  const message = [error.message, error.hint].filter(Boolean).join("\n");
  return [{ kind: "error", title: `${bucket} could not be audited`, message }];
}

function resultAnnotation({ bucket: { bucket }, result }: FoundResult): readonly Annotation[] {
  const { status, rule, severity } = result;
  if (status === "fail") {
    const message = [...findingLines(result), ...addressLine(result), `Fix:\n${result.fix.cli}`].join("\n");
    return [{ kind: kindOf(result), title: `${bucket}: ${rule} (${severity})`, message, place: result.place }];
  }
  if (status !== "unknown") return [];
  const actions = missingActions([result]);
  const missing = actions.length === 0 ? [] : [`Missing permission: ${actions.join(", ")}`];
  return [
    {
      kind: "warning",
      title: `${bucket}: ${rule} (unknown)`,
      message: [...findingLines(result), ...addressLine(result), ...missing].join("\n"),
      place: result.place,
    },
  ];
}

function kindOf({ severity }: RuleResult): Kind {
  if (severity === "critical" || severity === "high") return "error";
  return severity === "medium" ? "warning" : "notice";
}

function addressLine(result: RuleResult): readonly string[] {
  const address = addressText(result);
  return address === undefined ? [] : [`In ${address}`];
}

function commandOf({ kind, title, message, place }: Annotation): string {
  const where = place === undefined ? "" : `file=${escapedProperty(visibleLine(place.path))},line=${place.line},`;
  return `::${kind} ${where}title=${escapedProperty(visibleLine(title))}::${escapedData(visibleLines(message))}`;
}

/** As GitHub's own toolkit escapes them; anything else would begin a command of its own. */
function escapedData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
