/** What an endpoint takes, in a sentence. */
import type { Capabilities } from "../protocol/messages.ts";
import { bytesText } from "../report/units.ts";

export function limitsText({ maxSize, contentTypes }: Pick<Capabilities, "maxSize" | "contentTypes">): string {
  const size = `Up to ${bytesText(maxSize)} a file`;
  if (contentTypes.includes("*/*")) return `${size}.`;
  return `${size}: ${listed(contentTypes.map(typeText))}.`;
}

const kinds: Readonly<Record<string, string>> = {
  "image/*": "images",
  "video/*": "videos",
  "audio/*": "audio",
  "text/*": "text",
  "application/pdf": "PDF",
  "application/zip": "ZIP",
  "application/gzip": "gzip",
  "application/json": "JSON",
  "application/octet-stream": "files of unknown type",
};

function typeText(type: string): string {
  return kinds[type] ?? type;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
