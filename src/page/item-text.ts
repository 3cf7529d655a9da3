/** The words for an upload: its line of status, and what a screen reader is told when something has changed. */
import { bytesText, countText, durationText, percentText, rateText } from "../report/units.ts";
import { isEnded, type UploadItem } from "./upload-item.ts";

export interface Surroundings {
  readonly online: boolean;
}

export function statusText(item: UploadItem, { online }: Surroundings): string {
  const { stage, size, sentBytes } = item;
  const share = `${bytesText(sentBytes)} of ${bytesText(size)}`;
  switch (stage) {
    case "unfinished":
      return `Stopped at ${share}. Choose the same file again to go on.`;
    case "waiting":
      return item.paused ? "Paused" : "Waiting for its turn";
    case "preparing":
      return item.paused ? "Paused" : online ? "Preparing" : noNetwork;
    case "sending":
      return sendingText(item, online, share);
    case "finishing":
      return "Finishing: S3 puts the parts together";
    case "cancelling":
      return online ? "Cancelling" : `Cancelling. ${noNetwork}`;
    case "stored":
      return storedText(item);
    case "failed":
      return item.error?.what ?? "Failed";
    case "cancelled":
      return "Cancelled. Nothing was kept.";
  }
}

const noNetwork = "No network. It goes on by itself when there is one.";

function sendingText(item: UploadItem, online: boolean, share: string): string {
  if (item.paused) return `Paused at ${share}`;
  if (!online) return noNetwork;
  if (item.trouble !== undefined) return `${share} · Trying again (${item.trouble})`;
  const { bytesPerSecond, secondsLeft } = item;
  if (bytesPerSecond === 0) return share;
  return [
    share,
    rateText(bytesPerSecond),
    ...(secondsLeft === undefined ? [] : [`${durationText(secondsLeft)} left`]),
  ].join(" · ");
}

function storedText({ size, object, reusedBytes }: UploadItem): string {
  const checked = object?.checksum === undefined ? "" : ` · ${object.checksum.algorithm} verified`;
  const reused = reusedBytes === 0 ? "" : ` · ${bytesText(reusedBytes)} were there already`;
  return `Uploaded · ${bytesText(size)}${checked}${reused}`;
}

/** What changed between two looks and is worth a word; progress is not, or nothing else could be heard. */
export function announcement(before: UploadItem | undefined, now: UploadItem): string | undefined {
  if (before?.stage === now.stage && before.paused === now.paused) return undefined;
  const { name, stage } = now;
  if (stage === "stored") return `${name} is uploaded.`;
  if (stage === "failed") return `${name} failed. ${now.error?.what ?? ""} ${now.error?.next ?? ""}`.trim();
  if (stage === "cancelled") return `${name} is cancelled.`;
  if (stage === "unfinished") return `${name} was not finished. Choose the file again to go on.`;
  if (before !== undefined && before.paused !== now.paused) return `${name} ${now.paused ? "is paused" : "goes on"}.`;
  if (before === undefined) return `${name} is added.`;
  return undefined;
}

export interface Summary {
  readonly text: string;
  /** 0 to 1. */
  readonly share: number;
  readonly active: boolean;
}

/** All uploads of this visit together; undefined when there are none. */
export function summaryOf(items: readonly UploadItem[], { online }: Surroundings): Summary | undefined {
  const counted = items.filter(({ stage }) => stage !== "cancelled" && stage !== "unfinished");
  if (counted.length === 0) return undefined;
  const done = counted.filter(({ stage }) => stage === "stored").length;
  const failed = counted.filter(({ stage }) => stage === "failed").length;
  // What failed will not be sent unless somebody asks for it.
  const going = counted.filter(({ stage }) => stage !== "failed");
  const size = going.reduce((sum, item) => sum + item.size, 0);
  const sent = going.reduce((sum, item) => sum + item.sentBytes, 0);
  const rate = online ? counted.reduce((sum, item) => sum + item.bytesPerSecond, 0) : 0;
  const active = counted.some((item) => !isEnded(item));
  const texts = [
    `${done} of ${countText(counted.length, "file")} uploaded`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(active ? [`${bytesText(sent)} of ${bytesText(size)}`] : []),
    ...(active && rate > 0 ? [rateText(rate), `${durationText((size - sent) / rate)} left`] : []),
  ];
  return { text: texts.join(" · "), share: size === 0 ? done / counted.length : sent / size, active };
}

/** For the title of the tab: `42% · Upload`. */
export function tabTitle(summary: Summary | undefined, title: string): string {
  return summary?.active === true ? `${percentText(summary.share, 1)} · ${title}` : title;
}
