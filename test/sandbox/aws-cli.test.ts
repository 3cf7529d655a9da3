/** The aws command line against the sandbox: a client that shares no line with ours. Skipped, visibly, where it is not installed. */
import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { awsCli, awsEnvironment } from "../servers/aws-cli.ts";
import { run } from "../servers/program.ts";
import { accountOf } from "../servers/target.ts";
import { useSandbox } from "../support/running-sandbox.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const MiB = 1024 ** 2;

describe.skipIf(awsCli === undefined)("the aws command", () => {
  const directory = useTemporaryDirectory();
  // for the first region it would sign URLs with Signature V2
  const running = useSandbox({ region: "eu-central-1" });
  const bytes = randomBytes(20 * MiB);
  let file: string;

  beforeEach(async () => {
    file = join(directory(), "twenty.bin");
    await writeFile(file, bytes);
  });

  async function aws(line: string, input?: string): Promise<string> {
    const env = awsEnvironment(accountOf(running.sandbox.env), directory());
    const outcome = await run(
      awsCli ?? "aws",
      line.split(" "),
      env,
      input === undefined ? undefined : createReadStream(input),
    );
    expect(outcome, outcome.stderr).toMatchObject({ exitCode: 0 });
    return outcome.stdout;
  }

  const copyOf = async (key: string) => {
    const copy = join(directory(), "copy.bin");
    await aws(`s3 cp --quiet s3://drop/${key} ${copy}`);
    return await readFile(copy);
  };

  test("s3 cp stores 20 MiB in parts and reads them back", async () => {
    await aws(`s3 cp --quiet ${file} s3://drop/cli/twenty.bin`);
    expect((await copyOf("cli/twenty.bin")).equals(bytes)).toBe(true);
    expect(running.sandbox.requests().filter(({ operation }) => operation === "UploadPart")).toHaveLength(3);
  });

  test("s3 cp stores what comes through a pipe", async () => {
    await aws("s3 cp --quiet - s3://drop/cli/piped.bin", file);
    expect((await copyOf("cli/piped.bin")).equals(bytes)).toBe(true);
  });

  test("s3 cp copies within S3, s3 ls lists, s3 rm removes", async () => {
    await aws(`s3api put-object --bucket drop --key ls/one --body ${file} --content-type text/plain`);
    await aws("s3 cp --quiet s3://drop/ls/one s3://drop/ls/deep/two");
    expect(await aws("s3 ls s3://drop/ls/")).toMatch(/PRE deep\/\n.*20971520 one\n/);
    await aws("s3 rm --quiet --recursive s3://drop/ls/");
    expect(await aws("s3api list-objects-v2 --bucket drop --prefix ls/")).not.toContain("Contents");
  });

  test("s3 mb and s3 rb make and remove a bucket", async () => {
    await aws("s3 mb s3://made-by-cli");
    expect(await aws("s3 ls")).toContain("made-by-cli");
    await aws("s3 rb s3://made-by-cli");
    expect(await aws("s3 ls")).not.toContain("made-by-cli");
  });

  test("s3 presign signs a URL that anybody can read", async () => {
    await aws(`s3api put-object --bucket drop --key signed --body ${file}`);
    const url = (await aws("s3 presign s3://drop/signed")).trim();
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(bytes)).toBe(true);
  });

  test("s3api goes through a multipart upload of its own", async () => {
    const at = "--bucket drop --key manual";
    const { UploadId } = JSON.parse(await aws(`s3api create-multipart-upload ${at}`));
    const { ETag } = JSON.parse(
      await aws(`s3api upload-part ${at} --upload-id ${UploadId} --part-number 1 --body ${file}`),
    );
    const listed = JSON.parse(await aws(`s3api list-parts ${at} --upload-id ${UploadId}`));
    expect(listed.Parts).toMatchObject([{ PartNumber: 1, ETag, Size: 20 * MiB }]);
    const parts = join(directory(), "parts.json");
    await writeFile(
      parts,
      JSON.stringify({ Parts: [{ ...listed.Parts[0], Size: undefined, LastModified: undefined }] }),
    );
    await aws(`s3api complete-multipart-upload ${at} --upload-id ${UploadId} --multipart-upload file://${parts}`);
    expect(JSON.parse(await aws(`s3api head-object ${at}`))).toMatchObject({ ContentLength: 20 * MiB });
  });
});
