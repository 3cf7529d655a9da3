/** The servers that the end-to-end tests upload to: the sandbox always, the others where they run. */
import { setTimeout as wait } from "node:timers/promises";
import { createFaults } from "../../src/sandbox/faults.ts";
import { startPresignApp } from "../../src/sandbox/presign-app.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { runningServer } from "./account.ts";
import { type Account, connect, type ServerUnderTest } from "./server.ts";

export interface UploadServer {
  readonly server: ServerUnderTest;
  readonly bucket: string;
  /** The presign endpoint in front of it, where the server verifies signatures. */
  readonly presign: string | undefined;
  close(): Promise<void>;
}

export interface Target {
  readonly kind: "sandbox" | "rgw" | "moto";
  readonly name: string;
  /** False when no such server runs: the tests are skipped, with the name of what they want. */
  readonly running: boolean;
  start(): Promise<UploadServer>;
}

const rgw = runningServer("RGW", process.env);
const moto = runningServer("MOTO", process.env);

export const targets: readonly Target[] = [
  { kind: "sandbox", name: "the sandbox", running: true, start: startOwnSandbox },
  {
    kind: "rgw",
    name: "Ceph RGW (where S3UP_TEST_RGW names one)",
    running: rgw !== undefined,
    start: async () => startWithPresign(rgw?.account as Account),
  },
  {
    kind: "moto",
    name: "moto (where S3UP_TEST_MOTO names one)",
    running: moto !== undefined,
    start: async () => {
      const server = connect(moto?.account as Account);
      return { server, bucket: await server.newBucket(), presign: undefined, close: async () => undefined };
    },
  },
];

/** The account of a sandbox, from the variables that it tells its users to export. */
export function accountOf(env: Readonly<Record<string, string>>): Account {
  const value = (name: string): string => {
    const found = env[name];
    if (found === undefined) throw new Error(`The sandbox tells no ${name}.`);
    return found;
  };
  return {
    endpoint: value("AWS_ENDPOINT_URL_S3"),
    region: value("AWS_REGION"),
    accountId: "000000000000",
    accessKeyId: value("AWS_ACCESS_KEY_ID"),
    secretAccessKey: value("AWS_SECRET_ACCESS_KEY"),
  };
}

async function startOwnSandbox(): Promise<UploadServer> {
  const sandbox = await startSandbox({ now: () => new Date(), random: Math.random });
  const server = connect(accountOf(sandbox.env));
  return { server, bucket: sandbox.bucket, presign: sandbox.presign, close: () => sandbox.close() };
}

/** The sandbox's imitation of the gateway and the deployed handler, signing for another server. */
async function startWithPresign(account: Account): Promise<UploadServer> {
  const server = connect(account);
  const bucket = await server.newBucket();
  const now = () => new Date();
  const app = await startPresignApp({
    port: 0,
    s3: account.endpoint,
    bucket,
    region: account.region,
    credentials: account,
    limits: {},
    faults: createFaults({ rules: [], seed: 1, now, wait: (ms, signal) => wait(ms, undefined, { signal }) }),
    now,
    log: () => undefined,
  });
  return { server, bucket, presign: app.url, close: () => app.close() };
}
