/**
 * Where a bucket's settings are kept: one JSON file per bucket, written whole and moved into place, so that a crash
 * leaves the old or the new settings and nothing in between.
 */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export const settingNames = [
  "acl",
  "cors",
  "encryption",
  "lifecycle",
  "lifecycleMinimumSize",
  "logging",
  "notification",
  "ownership",
  "policy",
  "publicAccessBlock",
  "tagging",
  "versioning",
  "website",
] as const;
export type SettingName = (typeof settingNames)[number];

/** Text: what was PUT. `null`: taken away. `undefined`: as a new bucket has it. */
export type Stored = string | null | undefined;

type Settings = Readonly<Partial<Record<SettingName, string | null>>>;

export interface SettingsStore {
  /** `bucket` undefined is the account. */
  read(bucket: string | undefined, name: SettingName): Promise<Stored>;
  write(bucket: string | undefined, values: Settings): Promise<void>;
  /** The bucket is gone, and its settings with it. */
  forget(bucket: string): Promise<void>;
}

/** The directory is made when something is first written. */
export function openSettingsStore(directory: string): SettingsStore {
  const known = new Map<string, Settings>();
  // one change after the other, so that none is lost when two requests come at once
  let lastChange: Promise<unknown> = Promise.resolve();
  const inTurn = (change: () => Promise<void>): Promise<void> => {
    const turn = lastChange.then(change);
    lastChange = turn.catch(() => undefined);
    return turn;
  };

  // a folder of their own, because a bucket may be called "account"
  const fileOf = (bucket: string | undefined) =>
    bucket === undefined ? join(directory, "account.json") : join(directory, "buckets", `${bucket}.json`);

  const load = async (file: string): Promise<Settings> => {
    const settings = known.get(file) ?? (await readSettings(file));
    known.set(file, settings);
    return settings;
  };

  return {
    read: async (bucket, name) => (await load(fileOf(bucket)))[name],
    write: (bucket, values) =>
      inTurn(async () => {
        const file = fileOf(bucket);
        const settings = { ...(await load(file)), ...values };
        await writeWhole(file, `${JSON.stringify(settings, null, 2)}\n`);
        known.set(file, settings);
      }),
    forget: (bucket) =>
      inTurn(async () => {
        known.delete(fileOf(bucket));
        await rm(fileOf(bucket), { force: true });
      }),
  };
}

async function readSettings(file: string): Promise<Settings> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Settings;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const unfinished = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  await writeFile(unfinished, text);
  await rename(unfinished, file);
}
