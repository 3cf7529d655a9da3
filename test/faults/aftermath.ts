/** What a sandbox and a machine hold when the program has ended. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { ProgramRun } from "./program.ts";

export interface Aftermath {
  readonly ran: ProgramRun;
  /** Key to bytes. */
  readonly objects: ReadonlyMap<string, Buffer>;
  /** Of the multipart uploads that are open. */
  readonly uploadIds: readonly string[];
  /** Files of the program's state that others may read, and their names' ends. */
  readonly openState: readonly string[];
  /** Text of all state files, to look for what must not be in any. */
  readonly state: string;
}

export async function lookAt(sandbox: Sandbox, client: S3Client, stateHome: string): Promise<Omit<Aftermath, "ran">> {
  const Bucket = sandbox.bucket;
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
  const objects = new Map<string, Buffer>();
  for (const { Key = "" } of Contents) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    objects.set(Key, Buffer.from((await Body?.transformToByteArray()) ?? []));
  }
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
  return { objects, uploadIds: Uploads.map(({ UploadId = "" }) => UploadId), ...(await readState(stateHome)) };
}

async function readState(directory: string): Promise<Pick<Aftermath, "openState" | "state">> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const openState: string[] = [];
  let state = "";
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile()) continue;
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) openState.push(entry.name);
    state += await readFile(path, "utf8");
  }
  return { openState, state };
}
