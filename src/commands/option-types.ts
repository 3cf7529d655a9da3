/** Text from the command line, the environment or the config file -> a value, or a refusal that names a good value. */
import { InvalidArgumentError } from "commander";
import { type Checksum, checksumAlgorithms } from "../protocol/messages.ts";
import { S3_LIMITS } from "../signing/part-layout.ts";
import type { Grants } from "../signing/upload-headers.ts";
import { checksumAlgorithmOf, checksumBytes, checksumChoices } from "../upload/checksum.ts";
import type { Concurrency } from "../upload/resources.ts";
import type { ChecksumWish } from "./presign.ts";

const byteUnits: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 1024,
  kib: 1024,
  kb: 1000,
  m: 1024 ** 2,
  mib: 1024 ** 2,
  mb: 1000 ** 2,
  g: 1024 ** 3,
  gib: 1024 ** 3,
  gb: 1000 ** 3,
  t: 1024 ** 4,
  tib: 1024 ** 4,
  tb: 1000 ** 4,
};

/** "16MiB", "16MB" (a million each), "900k" (1024 each) or plain bytes. */
export function parseBytes(text: string): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = byteUnits[unit.toLowerCase()];
  const bytes = Math.round(Number(number) * (factor ?? Number.NaN));
  if (number === "" || !Number.isSafeInteger(bytes))
    refuse("That is no size.", "Write a number of bytes or a number and a unit, such as 16MiB.");
  return bytes;
}

/** "10MiB" or "10MiB/s" -> bytes a second. */
export function parseRate(text: string): number {
  const bytes = /^\s*\d/.test(text) ? parseBytes(text.trim().replace(/\/s(ec)?$/i, "")) : 0;
  if (bytes < 1) refuse("That is no rate.", "Write bytes a second, such as 10MiB.");
  return bytes;
}

/** Bytes that S3 takes for every part but the last. */
export function parsePartSize(text: string): number {
  const bytes = parseBytes(text);
  if (bytes < S3_LIMITS.minPartSize || bytes > S3_LIMITS.maxPartSize)
    refuse("S3 takes parts of 5MiB to 5GiB; only the last may be smaller.", "Write a size such as 16MiB.");
  return bytes;
}

const secondsPer: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** "900" (seconds), "15m", "12h", "7d" -> whole seconds, at least one. */
export function parseDuration(text: string): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([smhd]?)$/i.exec(text.trim()) ?? [];
  const seconds = Number(number) * (secondsPer[unit.toLowerCase()] ?? Number.NaN);
  if (number === "" || !Number.isSafeInteger(seconds) || seconds < 1) {
    refuse("That is no duration.", "Write whole seconds or a number and a unit, such as 900, 15m or 7d.");
  }
  return seconds;
}

/** "30s", "500ms", or plain seconds, which may be a fraction. -> milliseconds, at least one. */
export function parseTimeout(text: string): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|)$/i.exec(text.trim()) ?? [];
  const factor = unit.toLowerCase() === "ms" ? 1 : unit.toLowerCase() === "m" ? 60_000 : 1000;
  const milliseconds = Math.round(Number(number) * factor);
  if (number === "" || milliseconds < 1 || milliseconds > 3_600_000) {
    refuse("That is no time limit.", "Write seconds or a number and a unit, such as 30s or 500ms; one hour at most.");
  }
  return milliseconds;
}

/** A parser of whole numbers within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most))
      refuse("That is no whole number within the bounds.", `Write a whole number from ${least} to ${most}.`);
    return value;
  };
}

/** "auto", or how many at a time. */
export function parseConcurrency(text: string): Concurrency {
  if (text.trim().toLowerCase() === "auto") return "auto";
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(value >= 1 && value <= 256))
    refuse("That is no number of requests or files.", "Write auto or a whole number from 1 to 256.");
  return value;
}

/** A parser of one word out of a list, in any case. */
export function oneOf<const Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((candidate) => candidate.toLowerCase() === text.trim().toLowerCase());
    if (word === undefined) refuse("That is none of the choices.", `Choose one of: ${words.join(", ")}.`);
    return word;
  };
}

/** "sha256=<base64>" -> algorithm and value, the value of the length that the algorithm has. */
export function parseChecksum(text: string): Checksum {
  const [name = "", value = ""] = splitOnce(text, "=");
  const algorithm = checksumAlgorithms.find((candidate) => candidate.toLowerCase() === name.trim().toLowerCase());
  const bytes = Buffer.from(value, "base64");
  if (algorithm === undefined || bytes.toString("base64") !== value || bytes.length !== checksumBytes[algorithm]) {
    refuse(
      "That is no checksum, or its length is not that of the algorithm.",
      "Write the algorithm and the value in base64, such as crc32=NSRBwg== or sha256=… (44 characters).",
    );
  }
  return { algorithm, value };
}

/** "sha256" (to be computed from a file), "none", or "sha256=<base64>". */
export function parseChecksumWish(text: string): ChecksumWish {
  if (text.includes("=")) return { kind: "given", checksum: parseChecksum(text) };
  const choice = oneOf(checksumChoices.filter((choice) => choice !== "md5"))(text);
  return { kind: "compute", algorithm: checksumAlgorithmOf(choice) };
}

/**
 * "key=value", several separated by commas as the AWS CLI takes them; repeated options add up.
 * A later value of a key replaces an earlier one.
 */
export function parsePairs(
  text: string,
  earlier: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const pairs = text.split(",").map((pair) => splitOnce(pair, "="));
  if (pairs.some(([key = "", value]) => key.trim() === "" || value === undefined)) {
    refuse(
      "Each pair needs a key, an equals sign and a value.",
      "Write key=value, several separated by commas, such as project=apollo,owner=ada.",
    );
  }
  return { ...earlier, ...Object.fromEntries(pairs.map(([key = "", value = ""]) => [key.trim(), value.trim()])) };
}

const granteeKinds: Readonly<Record<string, string>> = { id: "id", uri: "uri", emailaddress: "emailAddress" };
const permissions = ["read", "readacl", "writeacl", "full"] as const;

/** "read=uri=http://acs.amazonaws.com/groups/global/AllUsers", as the AWS CLI takes it; repeated options add up. */
export function parseGrant(text: string, earlier: Grants = {}): Grants {
  const [permission, grantee = ""] = splitOnce(text, "=");
  const [kind, who = ""] = splitOnce(grantee, "=");
  const name = permissions.find((word) => word === permission.trim().toLowerCase());
  const type = granteeKinds[kind.trim().toLowerCase()];
  if (name === undefined || type === undefined || who === "" || who.includes('"')) {
    refuse(
      "A grant needs a permission, a kind of grantee and the grantee.",
      "Write one such as read=uri=http://acs.amazonaws.com/groups/global/AuthenticatedUsers or full=id=79a59d….",
    );
  }
  return { ...earlier, [name]: [earlier[name], `${type}="${who}"`].filter(Boolean).join(", ") };
}

/** Words separated by commas; repeated options add up. */
export function listOf(text: string, earlier: readonly string[] = []): readonly string[] {
  const added = text.split(",").map((word) => word.trim());
  if (added.includes(""))
    refuse("There is nothing before or after a comma.", "Write one word, or several with commas.");
  return [...earlier, ...added];
}

/** "true" or "false" and their kin, for a switch that comes from the environment. */
export function parseSwitch(text: string): boolean {
  const word = text.trim().toLowerCase();
  if (["1", "true", "yes", "on"].includes(word)) return true;
  if (["", "0", "false", "no", "off"].includes(word)) return false;
  return refuse("That is neither yes nor no.", "Write true or false.");
}

/** An absolute http or https address without credentials in it. */
export function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    refuse("That is no http or https address.", "Write a whole address, such as https://api.example.com/presign.");
  if (url.username !== "" || url.password !== "")
    refuse("It holds a user name or a password.", "Leave user name and password out of the address.");
  return text;
}

function splitOnce(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** Commander keeps only the text, so both lines travel in it; `usage-error.ts` takes them apart. */
function refuse(why: string, goodValue: string): never {
  throw new InvalidArgumentError(`${why}\n${goodValue}`);
}
