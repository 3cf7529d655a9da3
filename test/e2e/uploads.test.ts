/** `s3up uploads` as built, against the sandbox's S3. */
import { CreateMultipartUploadCommand, ListMultipartUploadsCommand, UploadPartCommand } from "@aws-sdk/client-s3";
import { beforeEach, expect, test } from "vitest";
import { s3up, withCredentials } from "../support/built-program.ts";
import { sdkClient, useSandbox } from "../support/running-sandbox.ts";

const MiB = 1024 ** 2;
const started = useSandbox();
const run = (line: string) => s3up(["uploads", ...line.split(" ")], { env: withCredentials(started.sandbox) });

async function begin(key: string, parts: number): Promise<string> {
  const client = sdkClient(started.sandbox);
  const upload = { Bucket: "drop", Key: key };
  const { UploadId = "" } = await client.send(new CreateMultipartUploadCommand(upload));
  for (let PartNumber = 1; PartNumber <= parts; PartNumber += 1) {
    await client.send(new UploadPartCommand({ ...upload, UploadId, PartNumber, Body: Buffer.alloc(5 * MiB) }));
  }
  return UploadId;
}

async function left(): Promise<readonly string[]> {
  const { Uploads = [] } = await sdkClient(started.sandbox).send(new ListMultipartUploadsCommand({ Bucket: "drop" }));
  return Uploads.map(({ Key = "" }) => Key);
}

let film: string;

beforeEach(async () => {
  await run("abort s3://drop");
  film = await begin("videos/film", 2);
  await begin("videos/song", 0);
  await begin("other", 0);
});

test("a list has a line for each upload, and the sum on stderr", async () => {
  const ran = await run("list s3://drop/videos/");
  expect(ran.exitCode).toBe(0);
  expect(ran.stdout.split("\n")).toEqual([
    expect.stringMatching(/^s3:\/\/drop\/videos\/film\t\d+s\t2 parts\t10 MiB\t\w+$/),
    expect.stringMatching(/^s3:\/\/drop\/videos\/song\t\d+s\t0 parts\t0 B\t\w+$/),
    "",
  ]);
  expect(ran.stderr).toMatch(/^2 unfinished uploads, 2 parts, 10 MiB; the oldest was begun \d+s ago\n$/);
});

test("a list is JSON Lines where that is asked for", async () => {
  const ran = await run("list s3://drop/videos/film --json");
  const lines = ran.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([
    {
      v: 1,
      type: "upload",
      bucket: "drop",
      key: "videos/film",
      uploadId: film,
      parts: 2,
      bytes: 10 * MiB,
      initiated: expect.stringMatching(/^\d{4}-/),
      ageSeconds: expect.any(Number),
    },
    { type: "summary", action: "list", uploads: 1, parts: 2, bytes: 10 * MiB, oldestSeconds: expect.any(Number) },
  ]);
});

test("an abort removes what is below, and says what it freed", async () => {
  const ran = await run("abort s3://drop/videos/");
  expect(ran).toMatchObject({ exitCode: 0, stderr: "Aborted: 2 uploads, 2 parts, 10 MiB freed\n" });
  expect(await left()).toEqual(["other"]);
});

test("an abort removes the one that is named", async () => {
  expect(await run(`abort s3://drop/videos/film --upload-id ${film}`)).toMatchObject({ exitCode: 0 });
  expect(await left()).toEqual(["other", "videos/song"]);
});

test("a dry run removes nothing", async () => {
  const ran = await run("abort s3://drop --dry-run");
  expect(ran.stderr).toBe("Would abort: 3 uploads, 2 parts, 10 MiB\n");
  expect(await left()).toHaveLength(3);
});

test("nothing is aborted that is younger than asked", async () => {
  const ran = await run("abort s3://drop --older-than 1d");
  expect(ran).toMatchObject({ exitCode: 0, stdout: "", stderr: "Nothing to abort\n" });
  expect(await left()).toHaveLength(3);
});
