/** Settings -> a client of the AWS SDK for control calls and signatures. Nothing is sent until it is used. */
import { Agent } from "node:https";
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { loadSharedConfigFiles } from "@smithy/shared-ini-file-loader";
import type { AwsCredentialIdentity } from "@smithy/types";
import { type AwsFacts, type AwsWishes, resolveAwsFacts } from "./aws-settings.ts";
import { readCaBundle } from "./certificates.ts";

export interface ClientWishes extends AwsWishes {
  /** False sends requests as they are. */
  readonly signRequests: boolean;
  /** Tries of one call; undefined: AWS_MAX_ATTEMPTS, the profile, or the SDK's three. */
  readonly maxAttempts: number | undefined;
  readonly connectTimeoutMs: number | undefined;
}

export interface ClientSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Version of s3up, for the user agent. */
  readonly version: string;
}

export interface S3Connection {
  readonly client: S3Client;
  readonly facts: AwsFacts;
  /** PEM text of AWS_CA_BUNDLE. */
  readonly ca: string | undefined;
}

const connectTimeoutMs = 5_000;
/** A control call answers in seconds; a completion may take minutes while S3 keeps the connection alive. */
const requestTimeoutMs = 300_000;
const metadataTimeoutMs = 1_000;

/** @throws S3upError REGION_UNKNOWN, CONFIG_INVALID, FILE_UNREADABLE */
export async function connectS3(wishes: ClientWishes, surroundings: ClientSurroundings): Promise<S3Connection> {
  const { configFile } = await loadSharedConfigFiles();
  const facts = resolveAwsFacts(wishes, surroundings.environment, configFile);
  const ca = facts.caBundle === undefined ? undefined : await readCaBundle(facts.caBundle);

  const client = new S3Client({
    region: facts.region,
    forcePathStyle: facts.pathStyle,
    // Else the checksum of an empty body lands in every presigned upload.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    customUserAgent: [["s3up", surroundings.version]],
    requestHandler: new NodeHttpHandler({
      connectionTimeout: wishes.connectTimeoutMs ?? connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      ...(ca === undefined ? {} : { httpsAgent: new Agent({ keepAlive: true, ca }) }),
    }),
    logger: silent,
    ...(facts.profile === undefined ? {} : { profile: facts.profile }),
    ...(facts.endpoint === undefined ? {} : { endpoint: facts.endpoint }),
    ...(wishes.maxAttempts === undefined ? {} : { maxAttempts: wishes.maxAttempts }),
    ...(wishes.signRequests ? { credentials: credentialChain(facts) } : unsigned),
  });
  return { client, facts, ca };
}

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

const unsigned: Pick<S3ClientConfig, "credentials" | "signer"> = {
  credentials: { accessKeyId: "anonymous", secretAccessKey: "anonymous" },
  signer: { sign: async (request) => request },
};

/** Loaded at the first signature. On a machine that is no EC2 instance, asking for its role must not take long. */
function credentialChain({ profile, region }: AwsFacts): () => Promise<AwsCredentialIdentity> {
  let chain: (() => Promise<AwsCredentialIdentity>) | undefined;
  return async () => {
    const { fromNodeProviderChain } = await import("@aws-sdk/credential-providers");
    chain ??= fromNodeProviderChain({
      ...(profile === undefined ? {} : { profile }),
      timeout: metadataTimeoutMs,
      maxRetries: 0,
      clientConfig: { region },
      logger: silent,
    });
    return chain();
  };
}
