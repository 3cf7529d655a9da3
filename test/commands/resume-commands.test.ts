import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PutTarget } from "../../src/commands/put-target.ts";
import { resumeCommands } from "../../src/commands/resume-commands.ts";
import { shellWord } from "../../src/upload/shell-word.ts";

const endpoint = (auth: (PutTarget & { via: "endpoint" })["endpoint"]["auth"]): PutTarget => ({
  via: "endpoint",
  endpoint: { url: "https://api.test/presign", auth, expiresInSeconds: undefined, metadata: undefined, maxAttempts: 1 },
});
const none = endpoint({ kind: "none" });
const upload = { bucket: "drop", key: "a b", uploadId: "id" };

describe("the command that goes on", () => {
  test.for<[string, readonly string[], string]>([
    ["is the one that was typed", ["put", "f", "s3://b/k"], "s3up put f s3://b/k"],
    ["has its words quoted", ["put", "my file", "s3://b/it's"], "s3up put 'my file' 's3://b/it'\\''s'"],
    ["does not begin anew again", ["put", "f", "s3://b/k", "--restart"], "s3up put f s3://b/k"],
    ["holds no token", ["put", "f", "--token", "secret"], 'S3UP_TOKEN="$S3UP_TOKEN" s3up put f'],
    ["holds no token behind an equals sign", ["put", "--token=secret", "f"], 'S3UP_TOKEN="$S3UP_TOKEN" s3up put f'],
    ["holds no signed URL", ["put", "f", "--url", "https://x?sig"], 'S3UP_URL="$S3UP_URL" s3up put f'],
    ["takes a file of that name for a file", ["put", "--", "--token", "f"], "s3up put -- --token f"],
    ["is one line", ["put", "a\nb"], "s3up put $'a\\x0ab'"],
  ])("%s", ([, argv, line]) => {
    expect(resumeCommands(argv, none).resume).toBe(line);
  });
});

describe("the command that removes it", () => {
  const aws = {
    profile: "work",
    region: undefined,
    endpointUrl: "http://127.0.0.1:9000",
    pathStyle: true,
    signRequests: true,
    maxAttempts: undefined,
    connectTimeoutMs: undefined,
    bucket: "drop",
  };
  const address = { bucket: "drop", key: "a b" };

  test.for<[string, PutTarget, string]>([
    [
      "reaches S3 in the same way",
      { via: "credentials", address, aws, object: {}, noOverwrite: false, access: undefined },
      "s3up uploads abort 's3://drop/a b' --upload-id id --profile work --endpoint-url http://127.0.0.1:9000 --path-style",
    ],
    ["asks the endpoint by the journal", none, "s3up uploads abort --upload-id id"],
    [
      "convinces the endpoint in the same way",
      endpoint({ kind: "token-command", command: "get token" }),
      "s3up uploads abort --upload-id id --token-command 'get token'",
    ],
    ["reads the manifest by the journal", { via: "manifest", path: "m.json" }, "s3up uploads abort --upload-id id"],
  ])("%s", ([, target, line]) => {
    expect(resumeCommands(["put", "f"], target).abort(upload)).toBe(line);
  });
});

test("bash reads any word as it was", () => {
  const words = fc.sample(fc.string({ unit: "grapheme", maxLength: 12 }), 200).map((word) => word.replaceAll("\0", ""));
  const line = `printf '%s\\0' ${words.map(shellWord).join(" ")}`;
  expect(execFileSync("bash", ["-c", line], { encoding: "utf8" }).split("\0").slice(0, -1)).toEqual(words);
});
