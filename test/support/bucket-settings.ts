/** The settings of one bucket, asked directly: operation and body in, status, code and body out. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { onTestFinished } from "vitest";
import type { SettingsOperation } from "../../src/sandbox/operation.ts";
import { S3Error } from "../../src/sandbox/s3-error.ts";
import { type BucketSettings, openBucketSettings } from "../../src/sandbox/settings/bucket-settings.ts";

export interface SettingsAnswer {
  readonly status: number;
  /** S3's code when it was refused. */
  readonly code?: string;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface SettingsUnderTest {
  readonly settings: BucketSettings;
  readonly directory: string;
  send(
    operation: SettingsOperation,
    body?: string,
    headers?: Readonly<Record<string, string>>,
    bucket?: string,
  ): Promise<SettingsAnswer>;
}

/** A good digest is somebody else's matter: that there is one is ours. */
export const digest = { "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" };

export async function settingsUnderTest(existing?: string): Promise<SettingsUnderTest> {
  const directory = existing ?? (await temporaryDirectory());
  const settings = openBucketSettings({ directory, bucketExists: async (bucket) => bucket !== "nowhere" });
  return {
    settings,
    directory,
    send: async (operation, body = "", headers = digest, bucket = "drop") => {
      const request = {
        method: "PUT",
        rawPath: "/",
        rawQuery: "",
        queryMembers: [],
        query: new Map<string, string>(),
        headers,
        rawHeaders: [],
        stream: Readable.from([]),
      };
      const context = { request, operation, bucket, key: "", now: () => new Date(0), readText: async () => body };
      try {
        const answer = await settings.answer(context);
        return { ...answer, body: typeof answer.body === "string" ? answer.body : "" };
      } catch (error) {
        if (!(error instanceof S3Error)) throw error;
        return { status: error.status, code: error.code, message: error.message };
      }
    },
  };
}

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "s3up-settings-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** The document without declaration and namespaces, as one line. */
export function plain(xml: string | undefined): string {
  return (xml ?? "").replace(/^<\?xml[^>]*>\s*/, "").replaceAll(/ xmlns(:\w+)?="[^"]*"/g, "");
}
