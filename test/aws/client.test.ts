import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StandardRetryStrategy } from "@smithy/core/retry";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { type ClientWishes, connectS3 } from "../../src/aws/client.ts";
import { useTemporaryDirectory } from "../support/temporary-directory.ts";

const wishes: ClientWishes = {
  profile: undefined,
  region: "eu-central-1",
  endpointUrl: undefined,
  pathStyle: undefined,
  bucket: "drop",
  signRequests: true,
  maxAttempts: undefined,
  connectTimeoutMs: undefined,
};
const surroundings = { environment: {}, version: "1.2.3" };
const directory = useTemporaryDirectory();

beforeEach(() => {
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"]) {
    vi.stubEnv(name, "");
  }
});

async function configFile(text: string): Promise<void> {
  const path = join(directory(), "config");
  await writeFile(path, text);
  vi.stubEnv("AWS_CONFIG_FILE", path);
}

describe("the client", () => {
  test("leaves checksums to whoever signs, so that no URL carries that of an empty body", async () => {
    const { client } = await connectS3(wishes, surroundings);
    expect(await client.config.requestChecksumCalculation()).toBe("WHEN_REQUIRED");
  });

  test("tells who it is", async () => {
    const { client } = await connectS3(wishes, surroundings);
    expect(client.config.customUserAgent).toEqual([["s3up", "1.2.3"]]);
  });

  test.for<[string, Readonly<Record<string, string>>, number | undefined, number]>([
    ["five times where nobody says", {}, undefined, 5],
    ["as often as AWS_MAX_ATTEMPTS says", { AWS_MAX_ATTEMPTS: "2" }, undefined, 2],
    ["as often as a flag says", { AWS_MAX_ATTEMPTS: "2" }, 7, 7],
  ])("tries a call %s", async ([, environment, maxAttempts, tries]) => {
    vi.stubEnv("AWS_MAX_ATTEMPTS", environment.AWS_MAX_ATTEMPTS ?? "");
    const { client } = await connectS3({ ...wishes, maxAttempts }, { ...surroundings, environment });
    expect(await client.config.maxAttempts()).toBe(tries);
  });

  test.for<[string, Readonly<Record<string, string>>, boolean]>([
    ["as the engine does", {}, true],
    ["as the SDK does in the mode that AWS_RETRY_MODE says", { AWS_RETRY_MODE: "standard" }, false],
  ])("waits between tries %s", async ([, environment, isOurs]) => {
    const asked: number[] = [];
    const random = () => asked.push(0) && 0;
    const { client } = await connectS3(wishes, { ...surroundings, environment, random });
    const strategy = (await client.config.retryStrategy()) as StandardRetryStrategy;
    await strategy.refreshRetryTokenForRetry(await strategy.acquireInitialRetryToken("drop"), {
      errorType: "TRANSIENT",
    });
    expect(asked.length > 0).toBe(isOurs);
  });

  test("reads region and addressing style of a profile", async () => {
    await configFile("[profile dev]\nregion = ap-south-1\ns3 =\n  addressing_style = path\n");
    const { facts } = await connectS3({ ...wishes, region: undefined, profile: "dev" }, surroundings);
    expect(facts).toMatchObject({ region: "ap-south-1", pathStyle: true });
  });

  test("signs with the keys of a profile, not with those of the environment, when one is named", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "s");
    await configFile("[profile dev]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = p\n");
    const { client } = await connectS3({ ...wishes, profile: "dev" }, surroundings);
    expect((await client.config.credentials()).accessKeyId).toBe("AKIAPROFILE");
  });

  test("without any credentials says so when it needs them", async () => {
    const { client } = await connectS3(wishes, surroundings);
    await expect(client.config.credentials()).rejects.toMatchObject({ name: "CredentialsProviderError" });
  });
});

describe("certificates", () => {
  test("are read from AWS_CA_BUNDLE", async () => {
    const path = join(directory(), "ca.pem");
    await writeFile(path, "PEM");
    const { ca } = await connectS3(wishes, { ...surroundings, environment: { AWS_CA_BUNDLE: path } });
    expect(ca).toBe("PEM");
  });

  test("that cannot be read are an error that names the variable", async () => {
    const environment = { AWS_CA_BUNDLE: join(directory(), "none.pem") };
    await expect(connectS3(wishes, { ...surroundings, environment })).rejects.toMatchObject({
      code: "FILE_UNREADABLE",
      why: expect.stringContaining("AWS_CA_BUNDLE"),
    });
  });
});
