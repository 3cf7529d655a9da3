/** What every `Destination` promises, shown with a sender that reaches its S3: the fake's, and the sandbox's. */
import { describe, expect, test } from "vitest";
import type { CompletedPart } from "../../src/protocol/messages.ts";
import { completionBody } from "../../src/signing/completion-body.ts";
import { checksumOf } from "../../src/upload/checksum.ts";
import { combineChecksums } from "../../src/upload/crc-combine.ts";
import type { Destination, MultipartSession, PartSender, SentAnswer } from "../../src/upload/transport.ts";
import { patternedBytes } from "../support/memory-source.ts";

export interface DestinationUnderTest {
  readonly destination: Destination;
  readonly sender: PartSender;
  /** What is stored under the key; undefined when nothing is. */
  stored(key: string): Promise<Uint8Array | undefined>;
  /** Ids of the multipart uploads that are neither complete nor aborted. */
  openUploads(): Promise<readonly string[]>;
}

const MiB = 1024 ** 2;
/** What the parts of the contract are made of; a destination for one file only has to take this one. */
export const contractFile = { fileName: "film.bin", contentType: "video/mp4", bytes: patternedBytes(6 * MiB + 3) };

const { bytes, ...named } = contractFile;
const object = { ...named, size: bytes.length };
const parts = [bytes.subarray(0, 5 * MiB), bytes.subarray(5 * MiB)];
const signal = new AbortController().signal;

export function describeDestination(
  name: string,
  make: () => Promise<DestinationUnderTest>,
  { takesSinglePut = true } = {},
): void {
  const begin = async () => {
    const subject = await make();
    const wish = { partSize: 5 * MiB, checksumAlgorithm: "CRC32" } as const;
    return { ...subject, session: await subject.destination.createMultipart(object, wish, signal) };
  };

  describe(`${name} as a destination`, () => {
    test("tells limits that fit together", async () => {
      const { partSize, maxSize } = await (await make()).destination.limits(signal);
      expect(partSize.min).toBeLessThanOrEqual(partSize.default);
      expect(partSize.default).toBeLessThanOrEqual(partSize.max);
      expect(maxSize).toBeGreaterThan(0);
    });

    if (takesSinglePut) {
      test("signs a PUT that stores the file, and no other bytes", async () => {
        const { destination, sender, stored } = await make();
        const { request, key } = await destination.signPut(object, checksumOf("CRC32", bytes), signal);
        const other = Uint8Array.from(bytes);
        other[7] = (other[7] ?? 0) ^ 1;
        expect((await put(sender, request, other)).status).toBe(400);
        expect(await stored(key)).toBeUndefined();

        expect((await put(sender, request, bytes)).status).toBe(200);
        expect(Buffer.compare((await stored(key)) ?? Buffer.of(), bytes)).toBe(0);
      });
    }

    test("puts the parts of an upload together", async () => {
      const { session, sender, stored, openUploads } = await begin();
      expect(session.partSize).toBe(5 * MiB);
      const completed = await putParts(session, sender);
      expect(await session.status(signal)).toMatchObject({
        state: "open",
        parts: parts.map((part, index) => ({ partNumber: index + 1, size: part.length })),
      });

      const answer = await complete(session, sender, completed);
      expect(answer.status, answer.body).toBe(200);
      expect(answer.body).toContain("<ETag>");
      expect(Buffer.compare((await stored(session.key)) ?? Buffer.of(), bytes)).toBe(0);
      expect(await openUploads()).not.toContain(session.uploadId);
    });

    test("tells after a lost answer that the object is there, and what it is", async () => {
      const { session, sender } = await begin();
      await complete(session, sender, await putParts(session, sender));
      expect(await session.status(signal)).toMatchObject({
        state: "completed",
        object: { key: session.key, size: bytes.length, checksum: checksumOf("CRC32", bytes) },
      });
    });

    test("goes on with an upload that an earlier run began, as far as it came", async () => {
      const { destination, session, sender, stored } = await begin();
      const [first] = parts as [Uint8Array];
      await put(sender, await session.signPart(partToSign(1, first), signal), first);

      const { bucket, key, uploadId, partSize, checksumAlgorithm, uploadToken } = session;
      const upload = { bucket, key, uploadId, partSize, checksumAlgorithm, uploadToken };
      const asked = { partSize, clientToken: "client-token" };
      const again = await destination.resumable?.resume(object, { upload, asked, completion: undefined }, signal);
      if (again === undefined) throw new Error("it cannot go on");
      expect(await again.status(signal)).toMatchObject({
        state: "open",
        parts: [{ partNumber: 1, size: first.length }],
      });
      const answer = await complete(again, sender, await putParts(again, sender));
      expect(answer.status, answer.body).toBe(200);
      expect(Buffer.compare((await stored(key)) ?? Buffer.of(), bytes)).toBe(0);
    });

    test("lets no other bytes through as a part", async () => {
      const { session, sender } = await begin();
      const [first] = parts as [Uint8Array];
      const request = await session.signPart(partToSign(1, first), signal);
      const other = Uint8Array.from(first);
      other[7] = (other[7] ?? 0) ^ 1;
      expect((await put(sender, request, other)).status).toBe(400);
      await session.abort();
    });

    test("leaves nothing after an abort, which may be repeated", async () => {
      const { session, sender, stored, openUploads } = await begin();
      await putParts(session, sender);
      await session.abort();
      await session.abort();
      expect(await openUploads()).not.toContain(session.uploadId);
      expect(await stored(session.key)).toBeUndefined();
      expect(await session.status(signal)).toEqual({ state: "gone" });
    });
  });
}

function put(sender: PartSender, request: Parameters<PartSender["send"]>[0], body: Uint8Array): Promise<SentAnswer> {
  return sender.send(request, [body], { signal, contentLength: body.length });
}

async function putParts(session: MultipartSession, sender: PartSender): Promise<readonly CompletedPart[]> {
  return Promise.all(
    parts.map(async (part, index) => {
      const toSign = partToSign(index + 1, part);
      const answer = await put(sender, await session.signPart(toSign, signal), part);
      expect(answer.status, answer.body).toBe(200);
      return { partNumber: index + 1, etag: answer.headers.etag ?? "", checksum: toSign.checksum.value };
    }),
  );
}

async function complete(session: MultipartSession, sender: PartSender, completed: readonly CompletedPart[]) {
  const checksum = combineChecksums(
    "CRC32",
    completed.map((part, index) => ({ value: part.checksum ?? "", length: parts[index]?.length ?? 0 })),
  );
  const request = await session.signComplete({ parts: completed, checksum, size: bytes.length }, signal);
  return put(sender, request, Buffer.from(completionBody(completed, "CRC32")));
}

function partToSign(partNumber: number, part: Uint8Array) {
  return { partNumber, contentLength: part.length, checksum: checksumOf("CRC32", part) };
}
