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

export function resumingText({ parts, partCount, bytes, totalBytes }: EventOf<"resuming">): string {
  const there = `${parts} of ${countText(partCount, "part")} (${bytesText(bytes)} of ${bytesText(totalBytes)})`;
  return `Resuming: ${there} ${parts === 1 ? "is" : "are"} at S3 already; each is compared with the file`;
}

const restartReasons: Record<EventOf<"restarting">["reason"], string> = {
  asked: "as asked",
  "file-size": "the file has another size",
  "file-time": "the file was modified",
  "file-replaced": "another file has taken its place",
  "file-content": "the file has other content",
  "part-size": "--part-size asks for parts of another size",
  wish: "other headers or another checksum are wanted",
  gone: "the earlier upload is not at S3 any more",
  token: "the endpoint does not take its token any more",
  unlisted: "these credentials may not list its parts (s3:ListMultipartUploadParts)",
};

export function restartingText({ reason, uploadId }: EventOf<"restarting">): string {
  return `Starting again instead of resuming upload ${uploadId}: ${restartReasons[reason]}`;
}

export function partDiffersText({ partNumber }: EventOf<"part-differs">): string {
  return `Part ${partNumber} at S3 is not what the file holds: it is sent again`;
}

export function foundStoredText(): string {
  return "An earlier run had stored this file already: size and checksum are the same";
}

export function keptText({ parts, partCount, bytes, uploadId, ...object }: EventOf<"kept">): string {
  const there = `${parts} of ${countText(partCount, "part")} (${bytesText(bytes)})`;
  return `${there} of ${addressOf(object)} stay at S3, where the same command goes on (upload ${uploadId})`;
}

export function noJournalText({ reason }: EventOf<"no-journal">): string {
  return `Nothing can be saved to resume this upload later: ${reason}`;
}

export function unclaimedText({ uploadId, ...object }: EventOf<"unclaimed">): string {
  return `Another upload of ${addressOf(object)} is open, begun perhaps by a run that was killed or by a request whose answer got lost: upload ${uploadId}, which \`s3up uploads abort\` removes`;
}

export function forgottenText({ uploadId, ...object }: EventOf<"forgotten">): string {
  return `Forgot an upload that nobody went on with for a month: ${addressOf(object)} (upload ${uploadId}); what is left of it at S3 shows \`s3up uploads list\``;
}

/** `s3://bucket/key<TAB>age<TAB>parts<TAB>bytes<TAB>upload id`, and the file where this machine knows it. */
export function uploadLine({
  upload,
  ageSeconds,
}: EventOf<"incomplete"> | EventOf<"upload-aborted"> | EventOf<"would-abort">): string {
  const { parts, bytes, uploadId, file } = upload;
  const age = ageSeconds === undefined ? "-" : durationText(ageSeconds);
  const size = bytes === undefined ? "-" : bytesText(bytes);
  const count = parts === undefined ? "-" : countText(parts, "part");
  return `${[addressOf(upload), age, count, size, uploadId, ...(file === undefined ? [] : [file])].join("\t")}\n`;
}

export function uploadTotalText({ action, uploads, parts, bytes, oldestSeconds }: EventOf<"incomplete-total">): string {
  const what = { list: "unfinished upload", abort: "upload", "dry-run": "upload" }[action];
  if (uploads === 0) return action === "list" ? "No unfinished uploads" : "Nothing to abort";
  const sum = `${countText(uploads, what)}, ${countText(parts, "part")}, ${bytesText(bytes)}`;
  const oldest = oldestSeconds === undefined ? "" : `; the oldest was begun ${durationText(oldestSeconds)} ago`;
  if (action === "list") return `${sum}${oldest}`;
  return action === "abort" ? `Aborted: ${sum} freed` : `Would abort: ${sum}`;
}

export function sparedText({ heldBy, uploadId, ...object }: EventOf<"spared">): string {
  return `Left alone: process ${heldBy} of this machine uploads ${addressOf(object)} now (upload ${uploadId}; --upload-id aborts it all the same)`;
}

export function windowText({ size, reason }: EventOf<"window">): string {
  return reason === "slow-down"
    ? `S3 asks for less: ${countText(size, "request")} at a time from now on`
    : `${countText(size, "request")} at a time again`;
}

export function expiringText({ of, leftSeconds, neededSeconds }: EventOf<"expiring">): string {
  const { what, advice } = expiring[of];
  return `${what} good for ${durationText(leftSeconds)} more, and what is left takes about ${durationText(neededSeconds)}.\n  ${advice}`;
}

const expiring = {
  credentials: {
    what: "The AWS credentials in the environment are",
    advice:
      "With a profile (--profile) fresh ones are fetched by themselves; else export fresh ones then and run the same command again: it goes on.",
  },
  url: {
    what: "The presigned URL is",
    advice:
      "The request that is under way may end, but one that breaks off then cannot be repeated: have a URL made that lives longer.",
  },
  manifest: {
    what: "The URLs of the manifest are",
    advice:
      "Parts that have not begun by then are refused: have a manifest made that lives longer (s3up presign --multipart --expires-in).",
  },
} as const;

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

export function summaryText({ stored, failed, bytes, many }: EventOf<"summary">): string {
  const said = [`${countText(stored, "file")} stored, ${bytesText(bytes)}`];
  if (failed > 0) said.push(`${countText(failed, "file")} failed`);
  if (many !== undefined && many.skipped > 0) said.push(`${many.skipped} left out`);
  if (many?.left !== undefined) {
    const { files, cutOff, atLeast } = many.left;
    said.push(`${atLeast ? "at least " : ""}${files} not stored${cutOff === 0 ? "" : `, ${cutOff} of them cut off`}`);
  }
  const failures = many?.failures ?? [];
  const named = failures.map(({ path, message }) => `  ${path}: ${message}`);
  const unnamed = failed - failures.length;
  if (named.length > 0 && unnamed > 0) named.push(`  and ${unnamed} more`);
  return [said.join("; "), ...named].join("\n");
}

/** `120 of 340 files`, or with an open end while the directories are still being looked through. */
export function filesText({ doneFiles, foundFiles, foundAll, failedFiles }: EventOf<"files">): string {
  const done = `${doneFiles} of ${foundFiles}${foundAll ? "" : "+"} files`;
  return failedFiles === 0 ? done : `${done}, ${failedFiles} failed`;
}

/** One line for one of many files. */
export function dryRunLine({
  facts: { path, size = 0, destination, kind, partCount, partSize },
}: EventOf<"dry-run">): string {
  const parts = kind === "single" ? "" : `, ${partCount} parts of ${bytesText(partSize)}`;
  return `Would upload ${path} to ${destination} (${bytesText(size)}${parts})`;
}

export function dryRunTotalText({ facts }: EventOf<"dry-run-total">): string {
  return [
    `Would upload ${countText(facts.files, "file")}, ${bytesText(facts.bytes)}`,
    `  requests  ${facts.requests}`,
    `  memory    ${bytesText(facts.memory)} of file content at most`,
  ].join("\n");
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
