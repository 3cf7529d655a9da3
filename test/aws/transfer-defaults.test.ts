import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { readTransferDefaults, transferDefaultsOf } from "../../src/aws/transfer-defaults.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const directory = useTemporaryDirectory();
const unsaid = { profile: undefined, endpointUrl: undefined };
const nothing = {
  checksums: true,
  multipartThreshold: undefined,
  partSize: undefined,
  concurrency: undefined,
  endpoint: undefined,
};
const MiB = 1024 ** 2;

test("the block of the profile is read as the AWS CLI writes it", async () => {
  const path = join(directory(), "config");
  await writeFile(
    path,
    "[profile dev]\ns3 =\n  max_concurrent_requests = 20\n  multipart_threshold = 64MB\n  multipart_chunksize = 8388608\n",
  );
  vi.stubEnv("AWS_CONFIG_FILE", path);
  expect(await readTransferDefaults({ profile: "dev", endpointUrl: undefined }, {})).toEqual({
    multipartThreshold: 64 * MiB,
    partSize: 8 * MiB,
    concurrency: 20,
    checksums: true,
    endpoint: undefined,
  });
  expect(await readTransferDefaults(unsaid, {})).toEqual(nothing);
});

test.for<[string, number]>([
  ["16MB", 16 * MiB],
  ["16MiB", 16 * MiB],
  ["16 mb", 16 * MiB],
  ["512KB", 512 * 1024],
  ["1GB", 1024 * MiB],
  ["5242880", 5 * MiB],
])("a size of %s has %i bytes", ([text, bytes]) => {
  expect(transferDefaultsOf({ "s3.multipart_chunksize": text }).partSize).toBe(bytes);
});

test.for<[string, string, string]>([
  ["multipart_threshold", "much", "Write a size, such as 16MB."],
  ["multipart_chunksize", "-5", "Write a size, such as 16MB."],
  ["multipart_chunksize", "0", "Write a size, such as 16MB."],
  ["max_concurrent_requests", "1.5", "Write a whole number, such as 8."],
  ["max_concurrent_requests", "0", "Write a whole number, such as 8."],
])("%s cannot be %s", ([name, text, hint]) => {
  expect(() => transferDefaultsOf({ [`s3.${name}`]: text })).toThrow(
    expect.objectContaining({
      code: "CONFIG_INVALID",
      message: `${name} in the AWS config file cannot be "${text}".`,
      hint,
    }),
  );
});

test.for<[string, Readonly<Record<string, string>>, boolean]>([
  ["as S3 recommends", {}, true],
  ["as the environment says", { AWS_REQUEST_CHECKSUM_CALCULATION: "when_required" }, false],
  ["as the profile says", { AWS_PROFILE: "store" }, false],
  [
    "as the environment says, whatever the profile",
    { AWS_PROFILE: "store", AWS_REQUEST_CHECKSUM_CALCULATION: "WHEN_SUPPORTED" },
    true,
  ],
])("checksums are sent %s", async ([, environment, checksums]) => {
  const path = join(directory(), "config");
  await writeFile(path, "[profile store]\nrequest_checksum_calculation = WHEN_REQUIRED\n");
  vi.stubEnv("AWS_CONFIG_FILE", path);
  expect(await readTransferDefaults(unsaid, environment)).toMatchObject({ checksums });
});
