import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, test } from "vitest";
import { type Ran, run, s3up, withCredentials, withEndpoint } from "../support/built-program.ts";
import { sdkClient, useSandbox } from "../support/running-sandbox.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

/** How far the sandbox's clock is ahead. */
let aheadMs = 0;
const started = useSandbox({ now: () => new Date(Date.now() + aheadMs) });
const directory = useTemporaryDirectory();

beforeEach(async () => {
  aheadMs = 0;
  await writeFile(join(directory(), "photo.jpg"), "a photo");
  await writeFile(join(directory(), "other.jpg"), "another");
  await writeFile(join(directory(), "longer.jpg"), "a longer photo");
});

async function presign(line: string): Promise<string> {
  const env = withCredentials(started.sandbox);
  const ran = await s3up(["presign", ...line.split(" ")], { cwd: directory(), env, signsToStdout: true });
  expect(ran.exitCode, ran.stderr).toBe(0);
  return ran.stdout.trimEnd();
}

/** Pastes the line into a shell. */
function paste(line: string): Promise<Ran> {
  return run("/bin/sh", ["-c", line], { cwd: directory(), env: { PATH: process.env.PATH ?? "" } });
}

async function textOf(key: string): Promise<string | undefined> {
  const { Body } = await sdkClient(started.sandbox).send(new GetObjectCommand({ Bucket: "drop", Key: key }));
  return Body?.transformToString();
}

describe("the curl line of an upload", () => {
  test("stores the file with its type", async () => {
    const ran = await paste(await presign("s3://drop/curl/photo.jpg --file photo.jpg --format curl"));
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    const head = await sdkClient(started.sandbox).send(
      new HeadObjectCommand({ Bucket: "drop", Key: "curl/photo.jpg" }),
    );
    expect(head).toMatchObject({ ContentLength: 7, ContentType: "image/jpeg" });
    expect(await textOf("curl/photo.jpg")).toBe("a photo");
  });

  test.for<[string, (line: string) => string, string]>([
    [
      "with another body of the same length",
      (line) => line.replace("photo.jpg --header", "other.jpg --header"),
      "BadDigest",
    ],
    [
      "with another length",
      (line) => line.replace("photo.jpg --header", "longer.jpg --header"),
      "SignatureDoesNotMatch",
    ],
    ["with another type", (line) => line.replace("image/jpeg", "text/html"), "SignatureDoesNotMatch"],
    [
      "without the checksum",
      (line) => line.replace(/--header 'x-amz-checksum-sha256: [^']*'/, ""),
      "SignatureDoesNotMatch",
    ],
    ["under another key", (line) => line.replace("/drop/refused", "/drop/stolen"), "SignatureDoesNotMatch"],
    [
      "with a header more",
      (line) => line.replace("--header", "--header 'x-amz-acl: public-read' --header"),
      "AccessDenied",
    ],
  ])("is refused %s", async ([, change, code]) => {
    const line = await presign("s3://drop/refused --file photo.jpg --format curl");
    const ran = await paste(change(line));
    expect(ran.exitCode).toBe(22);
    expect(ran.stdout).toContain(`<Code>${code}</Code>`);
    await expect(textOf("refused")).rejects.toMatchObject({ name: "NoSuchKey" });
  });

  test("is good for one use with --no-overwrite", async () => {
    const line = await presign("s3://drop/once --file photo.jpg --no-overwrite --format curl");
    expect(await paste(line)).toMatchObject({ exitCode: 0 });
    const second = await paste(line);
    expect(second.exitCode).toBe(22);
    expect(second.stderr).toContain("412");
  });

  test("is refused after its life", async () => {
    const line = await presign("s3://drop/late --file photo.jpg --expires-in 60 --format curl");
    aheadMs = 61_000;
    const ran = await paste(line);
    expect(ran.exitCode).toBe(22);
    expect(ran.stdout).toContain("<Code>AccessDenied</Code><Message>Request has expired</Message>");
  });

  test("that an endpoint signed stores the file too", async () => {
    const env = withEndpoint(started.sandbox);
    const ran = await s3up(["presign", "photo.jpg", "--format", "curl"], {
      cwd: directory(),
      env,
      signsToStdout: true,
    });
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(await paste(ran.stdout)).toMatchObject({ exitCode: 0, stderr: "" });
  });
});

describe("other lines", () => {
  test("download, look and delete", async () => {
    expect(await paste(await presign("s3://drop/there --file photo.jpg --format curl"))).toMatchObject({ exitCode: 0 });
    expect((await paste(await presign("s3://drop/there --method head --format curl"))).stdout).toContain("200 OK");
    const got = await paste(`${await presign("s3://drop/there --method get --format curl")} && cat there`);
    expect(got.stdout).toBe("a photo");
    expect(await paste(await presign("s3://drop/there --method delete --format curl"))).toMatchObject({ exitCode: 0 });
    await expect(textOf("there")).rejects.toMatchObject({ name: "NoSuchKey" });
  });

  test("a form takes what fits and refuses what does not", async () => {
    const line = await presign("s3://drop/form --method post --max-size 10 --format curl");
    const send = (file: string) => paste(line.replace('file=@"form"', `file=@"${file}"`));
    expect(await send("photo.jpg")).toMatchObject({ exitCode: 0 });
    expect(await textOf("form")).toBe("a photo");
    expect((await send("longer.jpg")).stdout).toContain("<Code>EntityTooLarge</Code>");
  });

  test("keys that a shell, curl or a URL could misread", async () => {
    for (const key of ["it's $HOME & more.txt", "a+b=c?d#e.txt", "[1-3]{x}.txt", "ünï 😀.txt", "%41.txt"]) {
      const env = withCredentials(started.sandbox);
      const signed = await s3up(["presign", `s3://drop/${key}`, "--file", "photo.jpg", "--format", "curl"], {
        cwd: directory(),
        env,
        signsToStdout: true,
      });
      expect(await paste(signed.stdout), key).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await textOf(key)).toBe("a photo");
    }
  });
});

test("explain tells of a fresh URL that nothing is wrong, and after a refusal which header differs", async () => {
  const env = withCredentials(started.sandbox);
  const json = await presign("s3://drop/explained --file photo.jpg --json");
  await writeFile(join(directory(), "answer.json"), json);
  const good = await s3up(["explain", "answer.json"], { cwd: directory() });
  expect(good).toMatchObject({ exitCode: 0, stderr: "" });
  expect(good.stdout).toContain("nothing wrong with it");

  const { url, headers } = JSON.parse(json);
  const wrong = { ...headers, "content-type": "text/html" };
  const refused = await fetch(url, { method: "PUT", headers: wrong, body: "a photo" });
  await writeFile(join(directory(), "refusal.xml"), await refused.text());
  const told = await s3up(["explain", "answer.json", "--response", "refusal.xml"], { cwd: directory(), env });
  expect(told.stdout).toContain('content-type differs: signed "image/jpeg", S3 received "text/html".');
});
