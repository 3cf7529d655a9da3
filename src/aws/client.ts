/** Settings -> a client of the AWS SDK for control calls and signatures. Nothing is sent until it is used. */
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { loadSharedConfigFiles } from "@smithy/shared-ini-file-loader";
import { type AwsFacts, type AwsWishes, resolveAwsFacts } from "./aws-settings.ts";
import { readCaBundle } from "./certificates.ts";
import { type CredentialSource, createCredentialSource, openChain } from "./credential-source.ts";
import { retryOf } from "./retry-pauses.ts";
import { triesOf } from "./tries.ts";

export interface ClientWishes extends AwsWishes {
  /** False sends requests as they are. */
  readonly signRequests: boolean;
  /** Tries of one call; undefined: AWS_MAX_ATTEMPTS, the profile, or five. */
  readonly maxAttempts: number | undefined;
  readonly connectTimeoutMs: number | undefined;
  readonly stallTimeoutMs?: number | undefined;
}

export interface ClientSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Version of s3up, for the user agent. */
  readonly version: string;
  /** A number in [0, 1), for the pauses between tries; undefined: the SDK's own. */
  readonly random?: () => number;
  /** Makes the connections, through a proxy where the environment names one; undefined: they go straight. */
  readonly agents?: ((options: ConnectionOptions) => Connections) | undefined;
}

export interface ConnectionOptions {
  /** At a time to one host, at most. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** PEM; undefined: trust whom Node trusts. */
  readonly certificates: string | undefined;
}

export interface Connections {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

export interface S3Connection {
  readonly client: S3Client;
  readonly facts: AwsFacts;
  /** PEM text of AWS_CA_BUNDLE. */
  readonly ca: string | undefined;
  /** Undefined where nothing is signed. */
  readonly credentials: CredentialSource | undefined;
  /** Where the bucket is, as far as is known by now; the client's calls and signatures go by it. */
  readonly region: { get(): string; set(region: string): void };
}

const connectTimeoutMs = 5_000;
/** Without a byte in either direction; a completion may take minutes, and S3 keeps the connection awake meanwhile. */
const idleTimeoutMs = 300_000;
/** Times the stall timeout: the same where that is thirty seconds. */
const idlePatience = 10;
/** The SDK's own number. */
const connections = 50;

/** @throws S3upError REGION_UNKNOWN, CONFIG_INVALID, FILE_UNREADABLE */
export async function connectS3(wishes: ClientWishes, surroundings: ClientSurroundings): Promise<S3Connection> {
  const { configFile } = await loadSharedConfigFiles();
  const { environment } = surroundings;
  const facts = resolveAwsFacts(wishes, environment, configFile);
  const section = configFile[facts.profile ?? "default"];
  const ca = facts.caBundle === undefined ? undefined : await readCaBundle(facts.caBundle);

  const connectionTimeout = wishes.connectTimeoutMs ?? connectTimeoutMs;
  const agents = (surroundings.agents ?? direct)({
    connections,
    connectTimeoutMs: connectionTimeout,
    certificates: ca,
  });
  const requestHandler = new NodeHttpHandler({
    connectionTimeout,
    socketTimeout: wishes.stallTimeoutMs === undefined ? idleTimeoutMs : idlePatience * wishes.stallTimeoutMs,
    // Else the SDK warns, and goes on waiting for ever.
    throwOnRequestTimeout: true,
    httpAgent: agents.http,
    httpsAgent: agents.https,
  });

  const { profile, region: first } = facts;
  const chain = (fresh: boolean) => openChain({ profile, region: first, requestHandler }, fresh);
  const credentials = wishes.signRequests ? createCredentialSource(chain) : undefined;
  let region = first;

  const client: S3Client = new S3Client({
    region: async () => region,
    forcePathStyle: facts.pathStyle,
    // Else the checksum of an empty body lands in every presigned upload.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    customUserAgent: [["s3up", surroundings.version]],
    // It costs a round trip for each part of a stream.
    expectContinueHeader: false,
    requestHandler,
    logger: silent,
    ...(facts.profile === undefined ? {} : { profile: facts.profile }),
    ...(facts.endpoint === undefined ? {} : { endpoint: facts.endpoint }),
    ...triesOf(wishes.maxAttempts, environment, section),
    ...retryOf(() => client.config.maxAttempts(), surroundings.random, environment, section),
    ...(credentials === undefined ? unsigned : { credentials: credentials.provide }),
  });
  return {
    client,
    facts,
    ca,
    credentials,
    region: {
      get: () => region,
      set(named) {
        region = named;
        // The SDK keeps the first one that it signed for.
        Object.assign(client.config, { signingRegion: undefined });
      },
    },
  };
}

/** Straight to every host. */
export function direct({ connections: maxSockets, certificates }: ConnectionOptions): Connections {
  const settings = { keepAlive: true, maxSockets };
  const trusted = certificates === undefined ? {} : { ca: certificates };
  return { http: new HttpAgent(settings), https: new HttpsAgent({ ...settings, ...trusted }) };
}

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

const unsigned: Pick<S3ClientConfig, "credentials" | "signer"> = {
  credentials: { accessKeyId: "anonymous", secretAccessKey: "anonymous" },
  signer: { sign: async (request) => request },
};
