/** A local S3 with the presign backend and its page beside it, on loopback, as a value with a beginning and an end. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { BucketStore } from "./bucket-store.ts";
import { ACCOUNT_ID } from "./context.ts";
import { createFaults, type FaultControl, type FaultRule } from "./faults.ts";
import { LOOPBACK, listenOnLoopback } from "./loopback.ts";
import { type PresignApp, startPresignApp } from "./presign-app.ts";
import type { RecordedRequest } from "./request-log.ts";
import { createS3Server } from "./s3-server.ts";
import { keysIn, randomId, type SandboxKeys } from "./sandbox-keys.ts";
import { openBucketSettings } from "./settings/bucket-settings.ts";

export type { RecordedRequest } from "./request-log.ts";

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
}

export interface Sandbox {
  /** Address of the S3 half, `http://127.0.0.1:…`. */
  readonly s3: string;
  /** Address of the presign endpoint, ending in `/presign`. */
  readonly presign: string;
  readonly bucket: string;
  /** `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL_S3` and `S3UP_ENDPOINT`. */
  readonly env: Readonly<Record<string, string>>;
  readonly faults: FaultControl;
  /** The latest requests to the S3 half, oldest first. */
  requests(): readonly RecordedRequest[];
  close(): Promise<void>;
}

/**
 * @throws S3upError NETWORK when a port is taken, CONFIG_INVALID for limits that the backend does not take
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { now, random, region = "us-east-1", bucket = "drop" } = options;
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "s3up-sandbox-")));
  const removeIfTemporary = async () => {
    if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
  };
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const keys = await keysIn(directory, random);
    const buckets = await openBuckets(directory, options);
    const settings = openBucketSettings({
      directory: join(directory, "settings"),
      bucketExists: async (name) => buckets.get(name) !== undefined,
    });
    if (buckets.get(bucket) === undefined) {
      await buckets.create({ name: bucket, createdAt: now().toISOString(), region });
      await settings.create(bucket, {});
    }
    const faults = createFaults({
      rules: options.faults ?? [],
      seed: options.seed ?? 0,
      now,
      wait: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
    });
    const accessKey = { ...keys, accountId: ACCOUNT_ID, userArn: `arn:aws:iam::${ACCOUNT_ID}:root` };
    const { server, log } = createS3Server(
      {
        region,
        buckets,
        settings,
        keys: (accessKeyId) => (accessKeyId === keys.accessKeyId ? accessKey : undefined),
        now,
        newId: () => randomId(random),
      },
      faults,
    );
    const port = await listenOnLoopback(server, options.port ?? 0);
    const s3 = `http://${LOOPBACK}:${port}`;
    const presign = await startPresign({ s3, bucket, region, keys, faults, options }, port).catch(async (error) => {
      await closeServer(server);
      throw error;
    });
    return {
      s3,
      presign: presign.url,
      bucket,
      env: environment(keys, region, s3, presign.url),
      faults,
      requests: () => log.all(),
      close: async () => {
        await Promise.all([presign.close(), closeServer(server)]);
        await removeIfTemporary();
      },
    };
  } catch (error) {
    await removeIfTemporary();
    throw error;
  }
}
