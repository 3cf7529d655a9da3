/** The keys of a sandbox: made by chance when its directory is first used, and kept there. */
import { join } from "node:path";
import { readRecord, writeRecord } from "./record-file.ts";

export interface SandboxKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** As STS gives them: good for a while, and only together with the token. */
export interface TemporaryKeys extends SandboxKeys {
  readonly sessionToken: string;
  readonly expiresAt: Date;
}

const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Nobody but the owner can read the file. */
export async function keysIn(directory: string, random: () => number): Promise<SandboxKeys> {
  const path = join(directory, "keys.json");
  const kept = await readRecord<SandboxKeys>(path);
  if (kept !== undefined) return kept;
  // shaped like those of AWS, because tools check them
  const keys = {
    accessKeyId: `AKIA${randomText(16, capitals, random)}`,
    secretAccessKey: randomText(40, base64, random),
  };
  await writeRecord(path, keys);
  return keys;
}

export function temporaryKeys(expiresAt: Date, random: () => number): TemporaryKeys {
  return {
    accessKeyId: `ASIA${randomText(16, capitals, random)}`,
    secretAccessKey: randomText(40, base64, random),
    sessionToken: randomText(64, base64, random),
    expiresAt,
  };
}

/** An identifier of letters and digits that is not met twice. */
export function randomId(random: () => number): string {
  return randomText(26, letters, random);
}

function randomText(length: number, alphabet: string, random: () => number): string {
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
}
