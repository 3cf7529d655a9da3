/** The upload page of a sandbox in Chromium, for one test each: what it shows, what it logged, and what is at S3. */
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { Sandbox, SandboxOptions } from "../../src/sandbox/sandbox.ts";
import { sdkClient, startForTest } from "../support/running-sandbox.ts";
import { launchChromium } from "./chromium.ts";

export const MiB = 1024 ** 2;

export interface UploadPage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly sandbox: Sandbox;
  /** Directory for files of the test. */
  readonly directory: string;
  /** Errors that the browser logged, without those that a failed request makes by itself. */
  readonly complaints: readonly string[];
  /** Messages of failed requests, which a browser logs whatever the page does. */
  readonly failedRequests: readonly string[];
  goto(address?: string): Promise<void>;
  row(name: string): Locator;
}

/** @param options of the sandbox, which is a new one for each test */
export function useUploadPage(options: () => Partial<SandboxOptions> = () => ({})): UploadPage {
  let browser: Browser;
  let opened: Opened;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    opened = await openPage(browser, options());
  });
  afterEach(async () => {
    await opened.context.close();
    await opened.sandbox.close();
    await rm(opened.directory, { recursive: true, force: true });
    expect(opened.complaints, "what the browser complained of").toEqual([]);
  });
  return {
    get page() {
      return opened.page;
    },
    get context() {
      return opened.context;
    },
    get sandbox() {
      return opened.sandbox;
    },
    get directory() {
      return opened.directory;
    },
    get complaints() {
      return opened.complaints;
    },
    get failedRequests() {
      return opened.failedRequests;
    },
    goto: async (address = new URL("/", opened.sandbox.presign).href) => {
      await opened.page.goto(address);
    },
    row: (name) => opened.page.locator(".upload", { hasText: name }),
  };
}

interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly sandbox: Sandbox;
  readonly directory: string;
  readonly complaints: string[];
  readonly failedRequests: string[];
}

async function openPage(browser: Browser, options: Partial<SandboxOptions>): Promise<Opened> {
  const sandbox = await startForTest(options);
  const directory = await mkdtemp(join(tmpdir(), "s3up-page-"));
  const context = await browser.newContext({ viewport: { width: 900, height: 800 }, reducedMotion: "reduce" });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  const failedRequests: string[] = [];
  // From the start: a browser that is asked to hand choosers over only when the key is pressed may hear of it too late.
  page.on("filechooser", () => {});
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    const isRequest = /^Failed to load resource|has been blocked by CORS policy/.test(message.text());
    (isRequest ? failedRequests : complaints).push(message.text());
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      // biome-ignore lint/suspicious/noConsole: it is what the test listens to
      console.error(`CSP ${violatedDirective}: ${blockedURI}`);
    });
  });
  return { page, context, sandbox, directory, complaints, failedRequests };
}

export interface MadeFile {
  readonly path: string;
  readonly name: string;
  readonly sha256: string;
}

/** A file of chance: no two parts are alike. */
export async function makeFile(
  { directory }: Pick<UploadPage, "directory">,
  name: string,
  size: number,
): Promise<MadeFile> {
  const path = join(directory, name);
  const hash = createHash("sha256");
  await mkdir(directory, { recursive: true });
  const file = await open(path, "w");
  try {
    for (let left = size; left > 0; left -= MiB) {
      const bytes = randomBytes(Math.min(MiB, left));
      hash.update(bytes);
      await file.write(bytes);
    }
  } finally {
    await file.close();
  }
  return { path, name, sha256: hash.digest("hex") };
}

/** 8 by 8 red dots. */
export async function makePicture({ directory }: Pick<UploadPage, "directory">, name: string): Promise<string> {
  const path = join(directory, name);
  const png =
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAFUlEQVR4nGP4z8CAFWEXHbQSDDgEAKOuP8GEG8WnAAAAAElFTkSuQmCC";
  await writeFile(path, Buffer.from(png, "base64"));
  return path;
}

/** As a user would, who sees where to choose. */
export async function choose({ page }: UploadPage, ...paths: readonly string[]): Promise<void> {
  await page.locator("#drop").waitFor();
  await page.setInputFiles("#files", [...paths]);
}

export const shown = (row: Locator, text: string | RegExp) => row.filter({ hasText: text }).waitFor();

/** The object's bytes as S3 gives them back, by the key that the page shows. */
export async function storedSha256({ sandbox }: UploadPage, row: Locator): Promise<string> {
  const key = await row.locator(".key").innerText();
  const client = sdkClient(sandbox);
  const { Body } = await client.send(new GetObjectCommand({ Bucket: sandbox.bucket, Key: key }));
  const hash = createHash("sha256");
  for await (const chunk of Body as AsyncIterable<Uint8Array>) hash.update(chunk);
  client.destroy();
  return hash.digest("hex");
}

/** What is at S3: objects, and uploads that are being billed. */
export async function leftAtS3({ sandbox }: UploadPage): Promise<{ objects: number; uploads: number }> {
  const client = sdkClient(sandbox);
  const { KeyCount = 0 } = await client.send(new ListObjectsV2Command({ Bucket: sandbox.bucket }));
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: sandbox.bucket }));
  client.destroy();
  return { objects: KeyCount, uploads: Uploads.length };
}

/** Every part leaves no faster than this, so that there is something to see. */
export const slowParts = ({ sandbox }: Pick<UploadPage, "sandbox">, bytesPerSecond: number) =>
  sandbox.faults.add({ kind: "bandwidth", operation: "UploadPart", bytesPerSecond });

/** Parts that S3 has taken. */
export const partsSent = ({ sandbox }: UploadPage): number =>
  sandbox.requests().filter(({ operation, status }) => operation === "UploadPart" && status === 200).length;

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds wrong with what is shown now, in light and in dark. */
export async function barriers({ page }: UploadPage): Promise<readonly string[]> {
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    // By the debugger, which no policy of the page holds back.
    await page.evaluate(axe);
    const run = "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)";
    const violations = (await page.evaluate(run)) as {
      id: string;
      nodes: { html: string; failureSummary?: string }[];
    }[];
    for (const { id, nodes } of violations) {
      found.push(...nodes.map(({ html, failureSummary }) => `${colorScheme} ${id}: ${html} ${failureSummary}`));
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  return found;
}

/** Kept where `S3UP_TEST_SCREENSHOTS` names a directory, to be looked at. */
export async function screenshot({ page }: UploadPage, name: string): Promise<void> {
  const directory = process.env.S3UP_TEST_SCREENSHOTS;
  if (directory === undefined || directory === "") return;
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(directory, `${name}-${colorScheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: "light" });
}
