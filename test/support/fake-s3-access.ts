/** S3 with credentials, in memory: what was stored, and how. */
import type { DirectUpload, S3Access, StreamUpload } from "../../src/runtime.ts";
import { storeOf } from "../../src/signing/store-quirks.ts";
import type { StoredObject } from "../../src/upload/events.ts";
import type { Destination, PartSender } from "../../src/upload/transport.ts";
import { fakeMultipart } from "./fake-multipart.ts";
import { type FakeSignerOptions, fakeSigner } from "./fake-signer.ts";

export interface FakeS3 extends S3Access {
  readonly uploads: readonly DirectUpload[];
  readonly streams: readonly (StreamUpload & { readonly content: string })[];
  /** What `--verify` finds under any key; undefined: what was stored. */
  found: StoredObject | undefined;
}

export function fakeS3(options: FakeSignerOptions = {}): FakeS3 {
  const uploads: DirectUpload[] = [];
  const streams: (StreamUpload & { readonly content: string })[] = [];
  const signer = fakeSigner(options);

  const fake: FakeS3 = {
    region: signer.region,
    store: storeOf(undefined, undefined),
    signer,
    control: fakeMultipart(),
    uploads,
    streams,
    found: undefined,
    destination(upload) {
      uploads.push(upload);
      return destinationFor(upload, fake);
    },
    async uploadStream(bytes, upload, { emit }) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytes) chunks.push(chunk);
      const content = Buffer.concat(chunks).toString();
      streams.push({ ...upload, content });
      const object = { bucket: upload.bucket, key: upload.key, size: content.length, etag: '"stream"' };
      emit({ type: "completed", object });
      return object;
    },
  };
  return fake;
}

/** Takes everything as one PUT. */
function destinationFor({ bucket, key, headers, ifNoneMatch }: DirectUpload, fake: FakeS3): Destination {
  const MiB = 1024 ** 2;
  return {
    label: `s3://${bucket}/${key}`,
    limits: async () => ({
      maxSize: 1024 * MiB,
      multipartThreshold: 16 * MiB,
      partSize: { min: 5 * MiB, default: 16 * MiB, max: 5120 * MiB },
      multipart: true,
      putChecksums: ["CRC32", "SHA256"],
    }),
    async signPut({ contentType, size }) {
      const conditional: Readonly<Record<string, string>> = ifNoneMatch === undefined ? {} : { "if-none-match": "*" };
      const request = {
        method: "PUT" as const,
        bucket,
        key,
        query: {},
        headers: { ...headers, ...conditional, "content-type": contentType },
        contentLength: size,
      };
      return { request: await fake.signer.sign(request, 900), bucket, key, freshKey: false };
    },
    createMultipart: async () => {
      throw new Error("nothing here is large enough for parts");
    },
    find: async () => fake.found,
  };
}

export interface SentRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Stores every PUT, or refuses it when `status` says so. */
export function fakeSender(sent: SentRequest[], status: (url: string) => number = () => 200): PartSender {
  return {
    async send({ url, headers }, body = []) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(Uint8Array.from(chunk));
      sent.push({ url, headers, body: Buffer.concat(chunks).toString() });
      return { status: status(url), headers: { etag: '"1"' }, body: "" };
    },
    close: () => {},
  };
}
