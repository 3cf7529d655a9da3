/** Debian's Chromium, driven by playwright-core, which downloads no browser of its own. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/** Undefined where there is none; `S3UP_TEST_CHROMIUM` names one that is not on PATH. */
export const chromiumPath: string | undefined =
  process.env.S3UP_TEST_CHROMIUM || onPath("chromium", "chromium-browser");

/** Nothing of it speaks to anyone but the page's own servers. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

export function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error("no Chromium: set S3UP_TEST_CHROMIUM");
  return chromium.launch({ executablePath: chromiumPath, headless: true, args: flags });
}

function onPath(...names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
