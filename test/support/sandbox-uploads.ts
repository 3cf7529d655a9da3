import { randomUUID } from "node:crypto";
import { GetObjectCommand, ListMultipartUploadsCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll } from "vitest";
import { createCredentialsDestination } from "../../src/aws/credentials-destination.ts";
import { createMultipartControl } from "../../src/aws/multipart.ts";
import { createSigner } from "../../src/aws/presigner.ts";
import { createBackendClient } from "../../src/http/backend-client.ts";
import { createEndpointDestination } from "../../src/http/endpoint-destination.ts";
import { createPartSender, type PartSenderOptions } from "../../src/http/part-sender.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { MultipartControl } from "../../src/signing/multipart-control.ts";
import type { Signer } from "../../src/signing/signer.ts";
import type { Destination, PartSender } from "../../src/upload/transport.ts";
import { startForTest } from "./running-sandbox.ts";

export interface UploadSandbox {
  readonly sandbox: Sandbox;
  readonly client: S3Client;
  readonly control: MultipartControl;
  readonly signer: Signer;
  /** Closed with the test. */
  sender(options?: Partial<PartSenderOptions>): PartSender;
  credentials(key: string, options?: { readonly ifNoneMatch?: "*" }): Destination;
  endpoint(sender: PartSender): Destination;
  stored(key: string): Promise<Uint8Array | undefined>;
  openUploads(): Promise<readonly string[]>;
}

/** The sandbox with everything that an upload into it needs; starts before the file's tests and ends after them. */
export function useUploadSandbox(): UploadSandbox {
  let sandbox: Sandbox;
  let client: S3Client;
  let signer: Signer;
  const senders: PartSender[] = [];

  beforeAll(async () => {
    sandbox = await startForTest();
    client = clientOf(sandbox);
    signer = await createSigner({ client, now: () => new Date() });
  });
  afterEach(() => {
    sandbox.faults.clear();
    for (const sender of senders.splice(0)) sender.close();
  });
  afterAll(async () => {
    client.destroy();
    await sandbox.close();
  });

  const control = () => createMultipartControl({ client, pause: async () => {} });

  return {
    get sandbox() {
      return sandbox;
    },
    get client() {
      return client;
    },
    get control() {
      return control();
    },
    get signer() {
      return signer;
    },
    sender(options = {}) {
      const sender = createPartSender({ connections: 4, connectTimeoutMs: 5_000, stallTimeoutMs: 5_000, ...options });
      senders.push(sender);
      return sender;
    },
    credentials: (key, options = {}) =>
      createCredentialsDestination({ signer, control: control(), bucket: sandbox.bucket, key, ...options }),
    endpoint: (sender) => {
      const clock = { sleep: async () => {} };
      const backend = createBackendClient({ endpoint: sandbox.presign, sender, clock, random: () => 0 });
      return createEndpointDestination({ client: backend, newId: randomUUID });
    },
    async stored(key) {
      const command = new GetObjectCommand({ Bucket: sandbox.bucket, Key: key });
      const found = await client.send(command).catch((error: Error) => {
        if (error.name === "NoSuchKey") return undefined;
        throw error;
      });
      return found?.Body?.transformToByteArray();
    },
    async openUploads() {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: sandbox.bucket }));
      return Uploads.map(({ UploadId = "" }) => UploadId);
    },
  };
}

function clientOf({ env, s3 }: Sandbox): S3Client {
  const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "", AWS_REGION = "" } = env;
  return new S3Client({
    endpoint: s3,
    region: AWS_REGION,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    expectContinueHeader: false,
  });
}
