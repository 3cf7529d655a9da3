import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type PresignOptions, presignCommand, runPresign } from "../../src/commands/presign.ts";
import { EXIT } from "../../src/exit-codes.ts";
import { runProgram } from "../../src/program.ts";
import type { EndpointSettings } from "../../src/runtime.ts";
import { optionsOf } from "../support/command-line.ts";
import { type RuntimeChanges, testRuntime } from "../support/command-runtime.ts";
import { fakeS3 } from "../support/fake-s3-access.ts";

const sha256 = createHash("sha256").update("alpha").digest("base64");

async function presign(line: string, changes: RuntimeChanges = {}, s3 = fakeS3()) {
  const runtime = testRuntime({ files: { "a.txt": "alpha", "empty.bin": "" }, s3: async () => s3, ...changes });
  const code = await runPresign(await optionsOf<PresignOptions>(presignCommand, line), runtime);
  return { code, out: runtime.out(), lines: runtime.lines, events: runtime.events, runtime, s3 };
}

/** Members of the query that say what the signature binds. */
function bound(url: string): { readonly signed: string | null; readonly expires: string | null } {
  const { searchParams } = new URL(url);
  return { signed: searchParams.get("X-Amz-SignedHeaders"), expires: searchParams.get("X-Amz-Expires") };
}

describe("a URL", () => {
  test.for<[string, string, string]>([
    ["s3://drop/k", "host", "300"],
    ["s3://drop/k --expires-in 15m", "host", "900"],
    ["s3://drop/k --method get", "host", "300"],
    [
      "s3://drop/k --file a.txt",
      "content-length;content-type;host;x-amz-checksum-sha256;x-amz-sdk-checksum-algorithm",
      "300",
    ],
    ["s3://drop/k --file a.txt --checksum none", "content-length;content-type;host", "300"],
    ["s3://drop/k --content-length 5 --content-type a/b", "content-length;content-type;host", "300"],
    ["s3://drop/k --no-overwrite", "host;if-none-match", "300"],
    [`s3://drop/k --checksum sha256=${sha256}`, "host;x-amz-checksum-sha256;x-amz-sdk-checksum-algorithm", "300"],
    [
      "s3://drop/k --metadata a=1 --tag b=2 --sse AES256",
      "host;x-amz-meta-a;x-amz-server-side-encryption;x-amz-tagging",
      "300",
    ],
  ])("presign %s signs %s", async ([line, signed, expires]) => {
    const { out, code } = await presign(line);
    expect(code).toBe(EXIT.ok);
    expect(out).toMatch(/^https:\/\/drop\.s3\.test\/k\?\S+\n$/);
    expect(bound(out.trim())).toEqual({ signed, expires });
  });

  test("is alone on stdout, and what must be sent with it is said elsewhere", async () => {
    const { events } = await presign("s3://drop/k --file a.txt");
    expect(events.at(-1)).toEqual({
      type: "must-send",
      method: "PUT",
      headers: {
        "content-length": "5",
        "content-type": "text/plain",
        "x-amz-checksum-sha256": sha256,
        "x-amz-sdk-checksum-algorithm": "SHA256",
      },
    });
  });

  test("that ends with the credentials says so", async () => {
    const { events, out } = await presign("s3://drop/k --expires-in 15m", {}, fakeS3({ credentialLife: 240 }));
    expect(bound(out.trim()).expires).toBe("240");
    expect(events).toContainEqual({ type: "life-cut", askedSeconds: 900, givenSeconds: 240, by: "credentials" });
  });

  test.for<[string, string, readonly string[]]>([
    [
      "binds nothing",
      "s3://drop/k",
      ["The URL takes any type and any size: bind them with --file, or with --content-type and --content-length."],
    ],
    [
      "binds no size",
      "s3://drop/k --content-type a/b",
      ["The URL takes any size: bind it with --file, or with --content-length."],
    ],
    [
      "binds no type",
      "s3://drop/k --content-length 5",
      ["The URL takes any type: bind it with --file, or with --content-type."],
    ],
    ["binds a file", "s3://drop/k --file a.txt", []],
    ["stores nothing", "s3://drop/k --method get", []],
    ["is a form with a largest size", "s3://drop/k --method post --max-size 5", []],
    [
      "has a key that clients resolve",
      "s3://drop/a/../k --file a.txt",
      ["The key holds a dot segment: HTTP clients resolve it, and the signature no longer fits."],
    ],
  ])("that %s is told so", async ([, line, warnings]) => {
    const { events } = await presign(line);
    expect(events.filter(({ type }) => type === "warning")).toEqual(
      warnings.map((message) => ({ type: "warning", message })),
    );
  });

  test("leaves no file open, also when it cannot be signed", async () => {
    const { runtime } = await presign("s3://drop/k --file a.txt");
    expect(runtime.openFiles.size).toBe(0);
    const failing = testRuntime({ files: { "a.txt": "alpha" }, s3: async () => fakeS3({ credentialLife: 0 }) });
    const options = await optionsOf<PresignOptions>(presignCommand, "s3://drop/k --file a.txt");
    await expect(runPresign(options, failing)).rejects.toMatchObject({ code: "CREDENTIALS_EXPIRED" });
    expect(failing.openFiles.size).toBe(0);
  });
});

describe("other formats", () => {
  test("json has everything that the sender needs", async () => {
    const { lines, out } = await presign("s3://drop/k --file a.txt --json");
    expect(out).toBe("");
    expect(lines).toEqual([
      {
        type: "presigned",
        method: "PUT",
        url: expect.stringContaining("https://drop.s3.test/k?"),
        headers: {
          "content-type": "text/plain",
          "x-amz-checksum-sha256": sha256,
          "x-amz-sdk-checksum-algorithm": "SHA256",
        },
        contentLength: 5,
        bucket: "drop",
        key: "k",
        expiresIn: 300,
        expiresAt: "2026-03-04T05:11:07.000Z",
      },
    ]);
  });

  test.for<[string, string]>([
    ["s3://drop/in/k.txt --format curl", "--upload-file k.txt"],
    ["s3://drop/in/k.txt --file a.txt --format curl", "--upload-file a.txt --header 'content-type: text/plain'"],
    ["s3://drop/in/k.txt --method get --format curl", "--output k.txt"],
    ["s3://drop/in/k.txt --method delete --format curl", "--request DELETE"],
  ])("presign %s has %s", async ([line, words]) => {
    const { out } = await presign(line);
    expect(out).toMatch(/^curl .*\n$/);
    expect(out).toContain(words);
  });
});

describe("a form", () => {
  test("has the exact key, the type and both bounds of the size", async () => {
    const { lines } = await presign(
      "s3://drop/k --method post --max-size 1MiB --content-type image/png --metadata a=1",
    );
    expect(lines).toMatchObject([
      {
        type: "presigned",
        method: "POST",
        url: "https://drop.s3.test/",
        fileField: "file",
        minSize: 0,
        maxSize: 1_048_576,
        fields: { key: "k", "content-type": "image/png", "x-amz-meta-a": "1" },
      },
    ]);
  });

  test("of a file takes exactly its size", async () => {
    const { out, lines } = await presign("s3://drop/k --method post --file a.txt --format curl");
    expect(lines).toEqual([]);
    expect(out).toContain("--form-string key=k --form-string content-type=text/plain");
    expect(out).toContain("--form 'file=@\"a.txt\"'");
  });
});

describe("a manifest", () => {
  test("has every part, and how to end the upload", async () => {
    const s3 = fakeS3();
    const { out } = await presign("s3://drop/k --multipart --file a.txt --metadata a=1", {}, s3);
    expect(JSON.parse(out)).toMatchObject({
      v: 1,
      type: "s3up-manifest",
      bucket: "drop",
      key: "k",
      file: { name: "a.txt", size: 5, contentType: "text/plain" },
      checksumAlgorithm: "CRC32",
      parts: [{ partNumber: 1, contentLength: 5 }],
    });
    expect(s3.control).toMatchObject({ created: [{ headers: { "x-amz-meta-a": "1", "content-type": "text/plain" } }] });
  });

  test("of an empty file is refused", async () => {
    await expect(presign("s3://drop/k --multipart --file empty.bin")).rejects.toMatchObject({
      message: "empty.bin is empty.",
    });
  });
});

describe("through an endpoint", () => {
  test("the file's facts are asked for, and the answer is printed like any other", async () => {
    const asked: unknown[] = [];
    const s3 = fakeS3();
    const endpoint = async (settings: EndpointSettings) => {
      const destination = s3.destination({ bucket: "drop", key: "2026/a.txt", headers: {}, ifNoneMatch: "*" });
      return {
        ...destination,
        signPut: (...given: Parameters<typeof destination.signPut>) => {
          asked.push(settings, given[0], given[1]);
          return destination.signPut(...given);
        },
      };
    };
    const { out } = await presign("a.txt --endpoint https://e.test/presign --expires-in 2m --token t", { endpoint });
    expect(out).toMatch(/^https:\/\/drop\.s3\.test\/2026\/a\.txt\?/);
    expect(asked).toEqual([
      {
        url: "https://e.test/presign",
        auth: { kind: "token", token: "t" },
        expiresInSeconds: 120,
        metadata: undefined,
        maxAttempts: undefined,
      },
      { fileName: "a.txt", contentType: "text/plain", size: 5 },
      { algorithm: "SHA256", value: sha256 },
    ]);
  });
});

describe("what does not fit together is refused", () => {
  test.for<[string, string]>([
    ["", "There is nothing to presign."],
    ["a.txt", "a.txt is no s3:// address."],
    ["s3://drop", "s3://drop names no object."],
    ["s3://drop/in/", "s3://drop/in/ names no object."],
    ["s3://drop/k --endpoint https://e.test/p", "--endpoint cannot be used with an s3:// address."],
    ["s3://drop/k --method get --file a.txt", "--file cannot be used with --method get."],
    ["s3://drop/k --method head --content-type a/b", "--content-type cannot be used with --method head."],
    ["s3://drop/k --max-size 1MiB", "--max-size cannot be used with --method put."],
    ["s3://drop/k --part-size 8MiB", "--part-size cannot be used without --multipart."],
    ["s3://drop/k --file a.txt --content-length 5", "--content-length cannot be used with a file."],
    ["s3://drop/k --checksum sha256", "--checksum needs a file or a value."],
    ["s3://drop/k --method post", "A form needs a largest size."],
    ["s3://drop/k --method post --max-size 1MiB --format url", "--format url cannot be used with --method post."],
    ["s3://drop/k --method post --max-size 1MiB --no-overwrite", "--no-overwrite cannot be used with --method post."],
    ["s3://drop/k --multipart", "--multipart needs --file."],
    ["s3://drop/k --multipart --file a.txt --format curl", "--format curl cannot be used with --multipart."],
    [`s3://drop/k --multipart --file a.txt --checksum sha256=${sha256}`, "--checksum cannot be used with --multipart."],
    ["a.txt --endpoint https://e.test/p --multipart", "--multipart cannot be used with --endpoint."],
    ["a.txt --endpoint https://e.test/p --method get", "--method get cannot be used with --endpoint."],
    [
      "a.txt --endpoint https://e.test/p --storage-class STANDARD_IA",
      "--storage-class cannot be used with --endpoint.",
    ],
  ])("presign %s", async ([line, message]) => {
    const run = runProgram(["presign", ...line.split(" ").filter(Boolean)], testRuntime());
    await expect(run).rejects.toMatchObject({ code: "USAGE", message });
  });
});
