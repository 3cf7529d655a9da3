/** One upload as the page shows it: facts, and how each thing that happens changes them. */
import type { RestartReason, StoredObject, UploadEvent } from "../upload/events.ts";
import type { ErrorAdvice } from "./error-advice.ts";

export type Stage =
  /** Begun in an earlier visit; its file has to be chosen again. */
  "unfinished" | "waiting" | "preparing" | "sending" | "finishing" | "cancelling" | "stored" | "failed" | "cancelled";

export interface UploadItem {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  /** Media type; empty where the browser knows none. */
  readonly type: string;
  readonly stage: Stage;
  readonly paused: boolean;
  readonly sentBytes: number;
  /** How many of `sentBytes` an earlier visit had sent. */
  readonly reusedBytes: number;
  readonly bytesPerSecond: number;
  readonly secondsLeft: number | undefined;
  /** Why the last request is tried again; undefined once anything moves. */
  readonly trouble: string | undefined;
  /** Something to know that is no error, such as that it begins anew. */
  readonly note: string | undefined;
  readonly object: StoredObject | undefined;
  readonly error: ErrorAdvice | undefined;
}

export function newItem(facts: Pick<UploadItem, "id" | "name" | "size" | "type">): UploadItem {
  return {
    ...facts,
    stage: "waiting",
    paused: false,
    sentBytes: 0,
    reusedBytes: 0,
    bytesPerSecond: 0,
    secondsLeft: undefined,
    trouble: undefined,
    note: undefined,
    object: undefined,
    error: undefined,
  };
}

/** The same upload before its first byte, as for another try. */
export function begunAnew({ id, name, size, type }: UploadItem): UploadItem {
  return newItem({ id, name, size, type });
}

export function afterEvent(item: UploadItem, event: UploadEvent): UploadItem {
  switch (event.type) {
    case "preparing":
      return item.stage === "cancelling" ? item : { ...item, stage: stageOf[event.step] };
    case "started":
      return { ...item, stage: "sending" };
    case "progress":
      return {
        ...item,
        sentBytes: event.sentBytes,
        reusedBytes: event.reusedBytes ?? 0,
        trouble: event.sentBytes > item.sentBytes ? undefined : item.trouble,
      };
    case "restarting":
      return { ...item, note: restartNotes[event.reason] ?? "The earlier upload cannot go on; it begins anew." };
    case "found-stored":
      return { ...item, note: "It had been stored before; only the answer was lost." };
    case "no-journal":
      return { ...item, note: `It cannot go on after this page is closed: ${event.reason}.` };
    case "retrying":
      return { ...item, trouble: event.reason };
    case "completed":
      return { ...item, stage: "stored", sentBytes: item.size, trouble: undefined, object: event.object };
    default:
      return item;
  }
}

const restartNotes: Partial<Record<RestartReason, string>> = {
  "file-content": "The file has changed since; it begins anew.",
  gone: "The earlier upload is gone; it begins anew.",
  token: "The earlier upload has ended; it begins anew.",
};

const stageOf = {
  capabilities: "preparing",
  checksum: "preparing",
  create: "preparing",
  complete: "finishing",
  abort: "cancelling",
} as const satisfies Record<string, Stage>;

/** True while it takes one of the places of uploads at a time. */
export function isActive({ stage }: UploadItem): boolean {
  return stage === "preparing" || stage === "sending" || stage === "finishing" || stage === "cancelling";
}

/** True when nothing more happens to it by itself. */
export function isEnded({ stage }: UploadItem): boolean {
  return stage === "stored" || stage === "failed" || stage === "cancelled";
}

export type Action = "pause" | "continue" | "retry" | "cancel" | "remove" | "choose" | "discard";

/** What the user can do with it now, in the order of the buttons. */
export function actionsFor({ stage, paused, error }: UploadItem): readonly Action[] {
  switch (stage) {
    case "unfinished":
      return ["choose", "discard"];
    case "waiting":
    case "preparing":
    case "sending":
      return [paused ? "continue" : "pause", "cancel"];
    case "failed":
      return error?.retryable === false ? ["remove"] : ["retry", "remove"];
    case "stored":
    case "cancelled":
      return ["remove"];
    case "finishing":
    case "cancelling":
      return [];
  }
}
