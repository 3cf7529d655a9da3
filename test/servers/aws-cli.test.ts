/**
 * The aws command line against RGW: where the two agree, RGW may be believed in what it says of our own client.
 * `test/sandbox/aws-cli.test.ts` asks the sandbox.
 */
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { awsCli, awsEnvironment } from "./aws-cli.ts";
import { type BigFile, makeBigFile, sha256Of } from "./big-file.ts";
import { type Outcome, run } from "./program.ts";
import { targets, type UploadServer } from "./target.ts";
import { exchange } from "./wire.ts";

/** The command's default threshold for parts is 8 MiB. */
const mebibytes = 12;

let folder: string;
let file: BigFile;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "s3up-aws-"));
  file = await makeBigFile(join(folder, "big.bin"), mebibytes);
  // For URLs its default is the old signature, which S3 has ended for new buckets.
  await writeFile(join(folder, "config"), "[default]\ns3 =\n  signature_version = s3v4\n");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.skipIf(awsCli === undefined)("the aws command is used (only where it is installed: docs/s3-servers.md)", () => {
  expect(awsCli).toMatch(/aws$/);
});

describe.each(targets.filter(({ kind }) => kind === "rgw"))("$name", ({ running, start }) => {
  const ready = running && awsCli !== undefined;
  let upload: UploadServer;

  beforeAll(async () => {
    if (ready) upload = await start();
  });

  afterAll(async () => upload?.close());

  function aws(args: readonly string[], input?: ReturnType<typeof createReadStream>): Promise<Outcome> {
    const env = { ...awsEnvironment(upload.server.account, folder), AWS_CONFIG_FILE: join(folder, "config") };
    return run(awsCli ?? "", args, env, input);
  }

  /** Its standard output; anything else than success fails the test with what it said. */
  async function done(args: readonly string[], input?: ReturnType<typeof createReadStream>): Promise<string> {
    const { exitCode, stdout, stderr } = await aws(args, input);
    expect(exitCode, stderr).toBe(0);
    return stdout;
  }

  const address = (key: string): string => `s3://${upload.bucket}/${key}`;

  test.skipIf(!ready)("cp sends a file in parts and fetches it again", async () => {
    const copy = join(folder, "copy.bin");
    await done(["s3", "cp", "--quiet", file.path, address("cp.bin")]);
    await done(["s3", "cp", "--quiet", address("cp.bin"), copy]);
    expect(await sha256Of(copy)).toBe(file.sha256);
  });

  test.skipIf(!ready)("cp - sends a stream, and ls tells its size", async () => {
    await done(["s3", "cp", "--quiet", "-", address("stream.bin")], createReadStream(file.path));
    expect(await done(["s3", "ls", address("stream.bin")])).toMatch(new RegExp(` ${file.size} stream\\.bin\n$`));
  });

  test.skipIf(!ready)("s3api put-object sends a SHA-256 that the server keeps", async () => {
    const object = ["--bucket", upload.bucket, "--key", "sum.bin"];
    await done(["s3api", "put-object", ...object, "--body", file.path, "--checksum-algorithm", "SHA256"]);
    const head = JSON.parse(await done(["s3api", "head-object", ...object, "--checksum-mode", "ENABLED"]));
    expect(head.ChecksumSHA256).toBe(Buffer.from(file.sha256, "hex").toString("base64"));
  });

  test.skipIf(!ready)("presign makes a URL that reads the object", async () => {
    await done(["s3api", "put-object", "--bucket", upload.bucket, "--key", "small", "--body", join(folder, "config")]);
    const url = new URL((await done(["s3", "presign", address("small")])).trim());
    const request = { method: "GET", target: url.pathname + url.search, headers: { host: url.host } };
    const { status, body } = await exchange(url.origin, request);
    expect([status, body.toString()]).toEqual([200, "[default]\ns3 =\n  signature_version = s3v4\n"]);
  });

  test.skipIf(!ready)("stores nothing with a wrong secret", async () => {
    const account = { ...upload.server.account, secretAccessKey: "not-the-secret-of-anyone" };
    const env = awsEnvironment(account, folder);
    const { exitCode } = await run(awsCli ?? "", ["s3", "cp", "--quiet", file.path, address("refused")], env);
    expect(exitCode).toBe(1);
    const answer = await upload.server.send({ method: "HEAD", path: `/${upload.bucket}/refused` });
    expect(answer.status).toBe(404);
  });
});
