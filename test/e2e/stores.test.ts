/** The built program against stores that differ from S3: what goes over the wire, and what is refused before. */
import { createHash, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RecordedRequest, Sandbox, SandboxOptions } from "../../src/sandbox/sandbox.ts";
import { s3up, withCredentials } from "../support/built-program.ts";
import { sdkClient, startForTest, useSandbox } from "../support/running-sandbox.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const MiB = 1024 ** 2;
const content = randomBytes(21 * MiB + 7);
const directory = useTemporaryDirectory();

beforeEach(() => writeFile(join(directory(), "movie.bin"), content));

const inParts = ["movie.bin", "s3://drop/parts", "--part-size", "5MiB"];
const inOnePut = ["movie.bin", "s3://drop/one", "--multipart-threshold", "1GiB"];
const fromStdin = ["-", "s3://drop/streamed", "--part-size", "5MiB"];
const shortStdin = ["-", "s3://drop/short", "--part-size", "64MiB"];
const ways: readonly (readonly [string, readonly string[]])[] = [
  ["in parts", inParts],
  ["in one PUT", inOnePut],
  ["from stdin", fromStdin],
  ["from a short stdin", shortStdin],
];

function useStore(like: NonNullable<SandboxOptions["like"]>) {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startForTest({ like });
  });
  afterAll(() => sandbox.close());
  const put = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    s3up(["put", ...argv, "--no-progress"], {
      cwd: directory(),
      env: { ...withCredentials(sandbox), ...env },
      input: content,
    });
  return {
    put,
    presign: (argv: readonly string[]) =>
      s3up(["presign", ...argv, "--quiet"], { cwd: directory(), env: withCredentials(sandbox), signsToStdout: true }),
    /** What was sent by one run. */
    async sent(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
      const before = sandbox.requests().length;
      const ran = await put(argv, env);
      return { ran, requests: sandbox.requests().slice(before) };
    },
    async stored(key: string): Promise<Buffer> {
      const client = sdkClient(sandbox, {
        requestChecksumCalculation: "WHEN_REQUIRED",
        responseChecksumValidation: "WHEN_REQUIRED",
      });
      const { Body } = await client.send(new GetObjectCommand({ Bucket: "drop", Key: key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    },
  };
}

function keyOf(argv: readonly string[]): string {
  return (argv[1] ?? "").replace("s3://drop/", "");
}

function headersOf(requests: readonly RecordedRequest[], pattern: RegExp): readonly string[] {
  return [...new Set(requests.flatMap(({ headers }) => Object.keys(headers).filter((name) => pattern.test(name))))];
}

function md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("base64");
}

describe.each(["b2", "gcs"] as const)("a store like %s, which knows no checksums of S3", (name) => {
  const store = useStore(name);

  test.for(ways)("takes a file %s, each body with its Content-MD5", async ([, argv]) => {
    const { ran, requests } = await store.sent([...argv, "--store", name, "--verify"]);
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect((await store.stored(keyOf(argv))).equals(content)).toBe(true);
    expect(headersOf(requests, /checksum|mp-object-size/)).toEqual([]);
    const bodies = requests.filter(({ operation }) => operation === "UploadPart" || operation === "PutObject");
    const expected =
      bodies.length === 1
        ? [md5(content)]
        : [0, 1, 2, 3, 4].map((index) => md5(content.subarray(index * 5 * MiB, (index + 1) * 5 * MiB)));
    expect(bodies.map(({ headers }) => headers["content-md5"]).toSorted()).toEqual(expected.toSorted());
  });

  test("is named in the environment as well", async () => {
    const { ran, requests } = await store.sent(inParts, { S3UP_STORE: name });
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(headersOf(requests, /checksum/)).toEqual([]);
  });

  test("sends no MD5 either with --checksum none", async () => {
    const { ran, requests } = await store.sent([...inParts, "--store", name, "--checksum", "none"]);
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(headersOf(requests, /checksum|md5/)).toEqual([]);
  });

  test.for([["--no-overwrite"], ["--if-match", "9b2cf535f27731c974343645a3985328"], ["--tag", "a=b"]])(
    "and %s, which it lacks, is refused before anything is sent",
    async (flags) => {
      const { ran, requests } = await store.sent([...inOnePut, "--store", name, ...flags]);
      expect(ran.exitCode).toBe(2);
      expect(ran.stderr).toContain(`${flags[0]} cannot be used with `);
      expect(requests).toEqual([]);
    },
  );

  test("and so is a checksum of S3", async () => {
    const { ran, requests } = await store.sent([...inOnePut, "--store", name, "--checksum", "crc32"]);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain("--checksum crc32 cannot be used with ");
    expect(requests).toEqual([]);
  });

  test.for([inParts, inOnePut])("that nobody named ends in an error that says what helps", async (argv) => {
    const ran = await store.put(argv);
    expect(ran.exitCode).toBe(3);
    expect(ran.stderr).toContain("--checksum md5 or none, or name its kind, such as --store b2");
  });

  test("that nobody named is used with --checksum md5", async () => {
    const { ran, requests } = await store.sent([...inOnePut, "--checksum", "md5"]);
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(headersOf(requests, /md5/)).toEqual(["content-md5"]);
  });
});

describe.each(["b2", "r2", "gcs"] as const)("what is presigned for a store like %s", (name) => {
  const store = useStore(name);

  test("as a manifest, is taken by it", async () => {
    const argv = [
      "s3://drop/by-manifest",
      "--multipart",
      "--file",
      "movie.bin",
      "--part-size",
      "5MiB",
      "--store",
      name,
    ];
    const signed = await store.presign(argv);
    expect(signed.exitCode, signed.stderr).toBe(0);
    await writeFile(join(directory(), "movie.json"), signed.stdout);
    const ran = await store.put(["movie.bin", "--manifest", "movie.json"]);
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect((await store.stored("by-manifest")).equals(content)).toBe(true);
  });

  test("as a URL for a file, is taken by it", async () => {
    const signed = await store.presign(["s3://drop/by-url", "--file", "movie.bin", "--store", name]);
    expect(signed.exitCode, signed.stderr).toBe(0);
    const ran = await store.put(["movie.bin"], { S3UP_URL: signed.stdout.trim() });
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect((await store.stored("by-url")).equals(content)).toBe(true);
  });

  test("has no tags", async () => {
    const signed = await store.presign(["s3://drop/tagged", "--tag", "a=b", "--store", name]);
    expect(signed.exitCode).toBe(2);
    expect(signed.stderr).toContain("--tag cannot be used with");
  });
});

describe("a store like r2, which forms CRC32 of many parts otherwise and wants them equal", () => {
  const store = useStore("r2");

  test.for(ways)("takes a file %s", async ([, argv]) => {
    const { ran, requests } = await store.sent([...argv, "--store", "r2", "--verify"]);
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect((await store.stored(keyOf(argv))).equals(content)).toBe(true);
    expect(headersOf(requests, /mp-object-size/)).toEqual([]);
    for (const { headers } of requests.filter(({ operation }) => operation === "CreateMultipartUpload")) {
      expect(headers).toMatchObject({ "x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": "COMPOSITE" });
    }
    for (const { headers } of requests.filter(({ operation }) => operation === "CompleteMultipartUpload")) {
      expect(headers["x-amz-checksum-crc32"]).toBeUndefined();
    }
  });

  test("says the checksum of the checksums", async () => {
    const { stdout } = await store.put([...inParts, "--store", "r2"]);
    expect(stdout).toMatch(/\tcrc32:[A-Za-z0-9+/]{6}==-5\n$/);
  });

  test("forms CRC64NVME of the whole", async () => {
    const { ran, requests } = await store.sent([...inParts, "--store", "r2", "--checksum", "crc64nvme"]);
    expect(ran.exitCode, ran.stderr).toBe(0);
    const completed = requests.find(({ operation }) => operation === "CompleteMultipartUpload");
    expect(completed?.headers).toMatchObject({ "x-amz-checksum-type": "FULL_OBJECT" });
  });

  test.for([
    ["--tag", "a=b"],
    ["--acl", "private"],
    ["--sse", "AES256"],
    ["--storage-class", "GLACIER"],
  ])("refuses %s %s before anything is sent", async (flags) => {
    const { ran, requests } = await store.sent([...inOnePut, "--store", "r2", ...flags]);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain("cannot be used with Cloudflare R2.");
    expect(requests).toEqual([]);
  });
});

describe("--checksum md5 through an endpoint", () => {
  const started = useSandbox();

  test("is refused where it was said", async () => {
    const argv = ["put", "movie.bin", "--endpoint", started.sandbox.presign, "--checksum", "md5"];
    const ran = await s3up(argv, { cwd: directory() });
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain("--checksum cannot be used as md5 with --endpoint.");
  });

  test("and does not hold where it is a setting for all targets", async () => {
    const env = { S3UP_ENDPOINT: started.sandbox.presign, S3UP_CHECKSUM: "md5" };
    const ran = await s3up(["put", "movie.bin", "--no-progress"], { cwd: directory(), env });
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(ran.stdout).toMatch(/\tcrc32:/);
  });
});

test.for(["--endpoint", "--url"])("--store says nothing beside %s", async (flag) => {
  const ran = await s3up(["put", "movie.bin", flag, "http://127.0.0.1:9/presign", "--store", "b2"], {
    cwd: directory(),
  });
  expect(ran.exitCode).toBe(2);
  expect(ran.stderr).toContain("--store cannot be used");
});
