/** What `human.ts` and `plain.ts` say in the same words. */
import type { StoredObject } from "../upload/events.ts";
import type { DryRunFacts, ReportEvent } from "./reporter.ts";
import { bytesText, countText, durationText } from "./units.ts";

export type EventOf<Type extends ReportEvent["type"]> = Extract<ReportEvent, { readonly type: Type }>;

/** `s3://bucket/key<TAB>bytes<TAB>crc32:<value>`: the result, for a person as for `cut`. */
export function resultLine(object: StoredObject): string {
  const { checksum } = object;
  const proof = checksum === undefined ? "-" : `${checksum.algorithm.toLowerCase()}:${checksum.value}`;
  return `${addressOf(object)}\t${object.size}\t${proof}\n`;
}

export function addressOf({ bucket, key }: Pick<StoredObject, "bucket" | "key">): string {
  // A key may hold a line break or a tab, which would look like another line of results.
  const oneLine = key.replace(/\p{Cc}/gu, (sign) => encodeURIComponent(sign));
  return bucket === undefined ? oneLine : `s3://${bucket}/${oneLine}`;
}

const steps: Record<EventOf<"preparing">["step"], string> = {
  capabilities: "Asking what the destination takes",
  checksum: "Computing the checksum",
  create: "Beginning the multipart upload",
  complete: "Putting the parts together",
  abort: "Removing the unfinished multipart upload",
};

export function preparingText({ step }: EventOf<"preparing">): string {
  return steps[step];
}

export function plannedText({ plan, destination }: EventOf<"planned">): string {
  const parts =
    plan.kind === "single"
      ? "in one request"
      : `in ${countText(plan.parts.length, "part")} of ${bytesText(plan.partSize)}`;
  return `Uploading ${plan.file.path} (${bytesText(plan.file.size)}) to ${destination} ${parts}`;
}

export function streamingText({ destination, partSize }: EventOf<"streaming">): string {
  return `Uploading what comes from stdin to ${destination} in parts of ${bytesText(partSize)}`;
}

export function retryingText({ partNumber, attempt, delayMs, reason }: EventOf<"retrying">): string {
  const what = partNumber === undefined ? "The request" : `Part ${partNumber}`;
  const when = delayMs < 1000 ? "now" : `in ${durationText(delayMs / 1000)}`;
  return `${what} failed (${reason}), try ${attempt} follows ${when}`;
}

export function abortedText({ uploadId, clean }: EventOf<"aborted">): string {
  return clean
    ? "The unfinished multipart upload is removed; nothing of it is left at S3"
    : `The multipart upload ${uploadId} may still be there: what it holds is billed until it is aborted`;
}

export function windowText({ size, reason }: EventOf<"window">): string {
  return reason === "slow-down"
    ? `S3 asks for less: ${countText(size, "request")} at a time from now on`
    : `${countText(size, "request")} at a time again`;
}

export function verifiedText({ object }: EventOf<"verified">): string {
  return `${addressOf(object)} has the size and the checksum that were sent`;
}

export function mustSendText({ method, headers }: EventOf<"must-send">): string {
  const lines = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`);
  return lines.length === 0
    ? `Use it with ${method}`
    : [`Use it with ${method} and exactly these headers:`, ...lines].join("\n");
}

export function lifeCutText({ askedSeconds, givenSeconds, by }: EventOf<"life-cut">): string {
  const reason = by === "credentials" ? "the credentials that sign it end then" : "the endpoint signs for no longer";
  return `It is good for ${durationText(givenSeconds)}, not ${durationText(askedSeconds)}: ${reason}`;
}

export function failedText({ path, error }: EventOf<"failed">): string {
  return [`${path}: ${error.message}`, error.why, error.hint].filter(Boolean).join("\n  ");
}

export function summaryText({ stored, failed, bytes }: EventOf<"summary">): string {
  const good = `${countText(stored, "file")} stored, ${bytesText(bytes)}`;
  return failed === 0 ? good : `${good}; ${countText(failed, "file")} failed`;
}

export function dryRunText({ facts }: EventOf<"dry-run">): string {
  const size = facts.size === undefined ? "unknown length" : bytesText(facts.size);
  return [
    `Would upload ${facts.path} (${size}) to ${facts.destination}`,
    `  parts     ${partsText(facts)}`,
    `  requests  ${facts.size === undefined ? "as many as there are parts, and two" : facts.requests}`,
    `  memory    ${bytesText(facts.memory)} of file content at most`,
  ].join("\n");
}

function partsText({ kind, partCount, partSize, size }: DryRunFacts): string {
  if (size === undefined) return `of ${bytesText(partSize)}`;
  return kind === "single" ? "none, one PUT" : `${partCount} of ${bytesText(partSize)}`;
}
