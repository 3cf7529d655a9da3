/** An upload through an endpoint whose token has expired when the command is run again. */
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { afterEach, expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { type Ran, s3up, withEndpoint } from "../support/built-program.ts";
import { sdkClient, startForTest } from "../support/running-sandbox.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const MiB = 1024 ** 2;
/** Longer than the token lives, and too little for the SDK to take this machine's clock for wrong. */
const twoMinutesMs = 120_000;
const content = randomBytes(21 * MiB);
const directory = useTemporaryDirectory();
let sandbox: Sandbox;
afterEach(() => sandbox.close());

function linesOf({ stdout }: Ran): readonly { readonly type: string; readonly [member: string]: unknown }[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test.for<[string, string, string]>([
  ["goes on with another token where the endpoint gives one", "true", "resume"],
  ["begins anew where it gives none", "false", "restart"],
])("it %s", async ([, idempotent, type]) => {
  let aheadMs = 0;
  const now = () => new Date(Date.now() + aheadMs);
  sandbox = await startForTest({ now, presignLimits: { IDEMPOTENT_CREATE: idempotent, TOKEN_LIFE: "60" } });
  await writeFile(join(directory(), "movie.bin"), content);
  const run = () =>
    s3up(["put", "movie.bin", "--part-size", "5MiB", "--max-attempts", "2", "-c", "1", "--json"], {
      cwd: directory(),
      env: { ...withEndpoint(sandbox), XDG_STATE_HOME: join(directory(), "state") },
    });

  sandbox.faults.add({ kind: "status-500", operation: "UploadPart", parts: [5], count: 99 });
  const first = await run();
  expect(first, first.stdout).toMatchObject({ exitCode: 5 });
  sandbox.faults.clear();
  aheadMs = twoMinutesMs;

  const again = await run();
  expect(again, again.stdout).toMatchObject({ exitCode: 0 });
  const uploadId = linesOf(first).find((line) => line.type === "kept")?.uploadId;
  expect(
    linesOf(again).find((line) => line.type === type),
    again.stdout + first.stdout,
  ).toMatchObject({ uploadId });
  const key = String(linesOf(again).find((line) => line.type === "result")?.key);
  const { Body } = await sdkClient(sandbox).send(new GetObjectCommand({ Bucket: "drop", Key: key }));
  expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(content)).toBe(true);
});
