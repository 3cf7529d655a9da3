/** A local S3 with the presign backend and its page beside it, on loopback, as a value with a beginning and an end. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { S3upError } from "../errors.ts";
import { BucketStore } from "./bucket-store.ts";
import type { AccessKey } from "./caller.ts";
import { ACCOUNT_ID } from "./context.ts";
import { lockDirectory } from "./directory-lock.ts";
import { createFaults, type FaultControl, type FaultRule } from "./faults.ts";
import { LOOPBACK, listenOnLoopback } from "./loopback.ts";
import { type PresignAppOptions, startPresignApp } from "./presign-app.ts";
import type { RecordedRequest } from "./request-log.ts";
import { createS3Server } from "./s3-server.ts";
import { keysIn, randomId, type SandboxKeys, type TemporaryKeys, temporaryKeys } from "./sandbox-keys.ts";
import { type BucketSettings, openBucketSettings } from "./settings/bucket-settings.ts";
import type { StoreManner } from "./store-manner.ts";

export type { RecordedRequest } from "./request-log.ts";
export type { TemporaryKeys } from "./sandbox-keys.ts";

export interface SandboxOptions {
  /** Port of the S3 half; 0 or absent for any free one. */
  readonly port?: number;
  /** Port of the presign endpoint and the page; absent: the one after `port`, or any free one when `port` is 0. */
  readonly presignPort?: number;
  /** Where everything is kept. Without it a temporary directory is used, which `close` removes. */
  readonly directory?: string;
  /** The bucket that exists from the start. */
  readonly bucket?: string;
  readonly region?: string;
  readonly now: () => Date;
  /** A number from 0 up to but not including 1. */
  readonly random: () => number;
  /** In words as `--fault` takes them, or as values. */
  readonly faults?: readonly (FaultRule | string)[];
  /** Makes the faults' dice repeatable. */
  readonly seed?: number;
  /** The environment of the presign backend, such as `MAX_SIZE`. */
  readonly presignLimits?: Readonly<Record<string, string>>;
  /** Answers as another store does where that differs from S3; for tests. */
  readonly like?: StoreManner;
  /** What the presign backend writes into its log. */
  readonly log?: PresignAppOptions["log"];
}

export interface Sandbox {
  /** Address of the S3 half, `http://127.0.0.1:…`. */
  readonly s3: string;
  /** Address of the presign endpoint, ending in `/presign`. */
  readonly presign: string;
  readonly bucket: string;
  /**
   * `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ACCOUNT_ID` (there is no STS to ask), `AWS_REGION`,
   * `AWS_ENDPOINT_URL_S3` and `S3UP_ENDPOINT`.
   */
  readonly env: Readonly<Record<string, string>>;
  readonly faults: FaultControl;
  /** Further keys, for the same account. From then on whoever uses them is answered with ExpiredToken. */
  temporaryKeys(expiresAt: Date): TemporaryKeys;
  /** The latest requests to the S3 half, oldest first. */
  requests(): readonly RecordedRequest[];
  close(): Promise<void>;
}

/**
 * @throws S3upError NETWORK when a port is taken, USAGE for a bucket name that S3 would not take or a directory that
 * another sandbox has, CONFIG_INVALID for limits that the backend does not take
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "s3up-sandbox-")));
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const unlock = await lockDirectory(directory, randomId(options.random));
  const leave = async () => {
    await unlock();
    if (options.directory === undefined) await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const halves = await startHalves(options, await openStorage(options, directory));
    const close = async () => {
      await halves.close();
      await leave();
    };
    return { ...halves, close };
  } catch (error) {
    await leave();
    throw error;
  }
}

interface Storage {
  readonly region: string;
  readonly bucket: string;
  readonly keys: SandboxKeys;
  readonly buckets: BucketStore;
  readonly settings: BucketSettings;
}

async function openStorage(
  { now, random, region = "us-east-1", bucket = "drop" }: SandboxOptions,
  directory: string,
): Promise<Storage> {
  const keys = await keysIn(directory, random);
  const buckets = await BucketStore.open(join(directory, "buckets"), () => randomId(random));
  const settings = openBucketSettings({
    directory: join(directory, "settings"),
    bucketExists: async (name) => buckets.get(name) !== undefined,
  });
  if (buckets.get(bucket) === undefined) {
    await buckets.create({ name: bucket, createdAt: now().toISOString(), region }).catch((error) => {
      throw nameRefused(bucket, error);
    });
    await settings.create(bucket, {});
  }
  return { region, bucket, keys, buckets, settings };
}

async function startHalves(options: SandboxOptions, storage: Storage): Promise<Sandbox> {
  const { now, random } = options;
  const { region, bucket, keys } = storage;
  const faults = createFaults({
    rules: options.faults ?? [],
    seed: options.seed ?? 0,
    now,
    wait: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
  });
  const owner = { accountId: ACCOUNT_ID, userArn: `arn:aws:iam::${ACCOUNT_ID}:root` };
  const known = new Map<string, AccessKey>([[keys.accessKeyId, { ...keys, ...owner }]]);
  const keyOf = (accessKeyId: string) => known.get(accessKeyId);
  let pageOrigins: readonly string[] = [];
  const settings = admitPage(storage, () => pageOrigins);
  const { server, log } = createS3Server(
    { ...storage, settings, keys: keyOf, now, like: options.like, newId: () => randomId(random) },
    faults,
  );
  const port = await listenOnLoopback(server, options.port ?? 0);
  const s3 = `http://${LOOPBACK}:${port}`;
  const presign = await startPresignApp({
    port: options.presignPort ?? (options.port ? port + 1 : 0),
    s3,
    bucket,
    region,
    credentials: keys,
    limits: options.presignLimits ?? {},
    faults,
    now,
    log: options.log ?? (() => undefined),
  }).catch(async (error) => {
    await closeServer(server);
    throw error;
  });
  const { port: pagePort } = new URL(presign.url);
  pageOrigins = [`http://${LOOPBACK}:${pagePort}`, `http://localhost:${pagePort}`];
  return {
    s3,
    presign: presign.url,
    bucket,
    env: {
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_ACCOUNT_ID: ACCOUNT_ID,
      AWS_REGION: region,
      AWS_ENDPOINT_URL_S3: s3,
      S3UP_ENDPOINT: presign.url,
    },
    faults,
    temporaryKeys: (expiresAt) => {
      const temporary = temporaryKeys(expiresAt, random);
      known.set(temporary.accessKeyId, { ...temporary, ...owner });
      return temporary;
    },
    requests: () => log.all(),
    close: async () => {
      await Promise.all([presign.close(), closeServer(server)]);
    },
  };
}

/**
 * The sandbox's own page may upload to the sandbox's own bucket while that has no CORS rules, so that it works at once.
 * S3 has nothing like it; rules that are set hold for the page as for any other.
 */
function admitPage({ settings, bucket }: Storage, origins: () => readonly string[]): BucketSettings {
  const rule = () => ({
    allowedOrigins: origins(),
    allowedMethods: ["PUT"],
    allowedHeaders: ["*"],
    exposeHeaders: ["ETag", "x-amz-checksum-crc32", "x-amz-checksum-sha256", "x-amz-version-id"],
    maxAgeSeconds: 300,
  });
  return {
    ...settings,
    corsRules: async (name) => (await settings.corsRules(name)) ?? (name === bucket ? [rule()] : undefined),
  };
}

function nameRefused(bucket: string, cause: Error): S3upError {
  return new S3upError("USAGE", `The sandbox cannot make a bucket called "${bucket}".`, {
    why: cause.message,
    hint: "Use 3 to 63 lower-case letters, digits and hyphens, such as my-uploads.",
    cause,
  });
}

/** Connections that clients keep open would hold the server open with them. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
