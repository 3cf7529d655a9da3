/**
 * The built program against every server: a file, a stream and the presign endpoint, each read back by another client
 * than the one that wrote it.
 */
import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { awsCli, awsEnvironment } from "./aws-cli.ts";
import { type BigFile, makeBigFile, sha256Of } from "./big-file.ts";
import { run } from "./program.ts";
import { sha256Hex } from "./sigv4.ts";
import { targets, type UploadServer } from "./target.ts";

const program = fileURLToPath(new URL("../../bin/s3up.js", import.meta.url));
/** CI sends 200 MiB; 40 MiB is several parts already. */
const mebibytes = Number(process.env.S3UP_TEST_SIZE_MIB ?? 40);
const patienceMs = 120_000;

let folder: string;
let file: BigFile;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "s3up-cli-"));
  file = await makeBigFile(join(folder, "big.bin"), mebibytes);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(targets)("$name", ({ kind, running, start }) => {
  let upload: UploadServer;

  beforeAll(async () => {
    if (running) upload = await start();
  });

  afterAll(async () => upload?.close());

  /** A home without any setting; nothing of this process's environment but where programs are. */
  const emptyHome = () => ({ PATH: process.env.PATH ?? "", HOME: folder, XDG_STATE_HOME: join(folder, "state") });

  const withCredentials = () => {
    const { endpoint, region, accessKeyId, secretAccessKey } = upload.server.account;
    return {
      ...emptyHome(),
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: region,
      AWS_ENDPOINT_URL_S3: endpoint,
    };
  };

  /** The object's SHA-256, as the aws command reads it, or as it comes over the wire where there is none. */
  async function stored(key: string): Promise<string> {
    if (awsCli === undefined) {
      return sha256Hex((await upload.server.send({ method: "GET", path: `/${upload.bucket}/${key}` })).body);
    }
    const copy = join(folder, "copy.bin");
    const env = awsEnvironment(upload.server.account, folder);
    const outcome = await run(awsCli, ["s3", "cp", "--quiet", `s3://${upload.bucket}/${key}`, copy], env);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
    return sha256Of(copy);
  }

  test.skipIf(!running)(`put stores a file of ${mebibytes} MiB`, { timeout: patienceMs }, async () => {
    const target = `s3://${upload.bucket}/direct/big.bin`;
    const outcome = await run(process.execPath, [program, "put", file.path, target], withCredentials());
    expect(outcome.stdout, outcome.stderr).toBe(`${target}\t${file.size}\tcrc32:${file.crc32}\n`);
    expect(outcome.exitCode).toBe(0);
    expect(await stored("direct/big.bin")).toBe(file.sha256);
  });

  test.skipIf(!running)(`put - stores a stream of ${mebibytes} MiB`, { timeout: patienceMs }, async () => {
    const target = `s3://${upload.bucket}/stream/big.bin`;
    const input = createReadStream(file.path);
    const outcome = await run(process.execPath, [program, "put", "-", target], withCredentials(), input);
    expect(outcome.stdout, outcome.stderr).toMatch(new RegExp(`^${target}\t${file.size}\t`));
    expect(outcome.exitCode).toBe(0);
    expect(await stored("stream/big.bin")).toBe(file.sha256);
  });

  // The sandbox encrypts nothing, and moto keeps no key.
  if (kind === "rgw") {
    test.skipIf(!running || awsCli === undefined).for([
      ["in parts", () => file.path],
      ["in one request", () => join(folder, "small.bin")],
    ] as const)(
      "put --sse-c encrypts %s, with a key that it takes to read it",
      { timeout: patienceMs },
      async ([how, path]) => {
        const key = `fileb://${join(folder, "sse.key")}`;
        await writeFile(join(folder, "sse.key"), randomBytes(32));
        await writeFile(join(folder, "small.bin"), randomBytes(3000));
        const target = `s3://${upload.bucket}/locked/${how.replaceAll(" ", "-")}`;
        const args = [program, "put", path(), target, "--sse-c", "--sse-c-key", key];
        expect(await run(process.execPath, args, withCredentials())).toMatchObject({ exitCode: 0 });

        const env = awsEnvironment(upload.server.account, folder);
        const copy = join(folder, "unlocked.bin");
        const read = ["s3", "cp", "--quiet", target, copy];
        expect((await run(awsCli ?? "", read, env)).exitCode).not.toBe(0);
        const withKey = [...read, "--sse-c", "AES256", "--sse-c-key", key];
        expect(await run(awsCli ?? "", withKey, env)).toMatchObject({ exitCode: 0 });
        expect(await sha256Of(copy)).toBe(await sha256Of(path()));
      },
    );
  }

  // It verifies no signature, so that a presigned upload to it would show nothing.
  if (kind === "moto") return;

  test.skipIf(!running)("put --endpoint stores the file without credentials", { timeout: patienceMs }, async () => {
    const args = [program, "put", file.path, "--endpoint", upload.presign ?? ""];
    const outcome = await run(process.execPath, args, emptyHome());
    const [address = "", size, checksum] = outcome.stdout.trimEnd().split("\t");
    expect([size, checksum], outcome.stderr).toEqual([String(file.size), `crc32:${file.crc32}`]);
    expect(outcome.exitCode).toBe(0);
    expect(await stored(address.slice(`s3://${upload.bucket}/`.length))).toBe(file.sha256);
  });
});
