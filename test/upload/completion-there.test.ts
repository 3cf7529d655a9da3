import { describe, expect, test } from "vitest";
import { S3upError } from "../../src/errors.ts";
import { checksumOf } from "../../src/upload/checksum.ts";
import type { StoredObject } from "../../src/upload/events.ts";
import type { Completion, Destination } from "../../src/upload/transport.ts";
import { fakeS3, isPart } from "../support/fake-s3.ts";
import { large, stored, upload } from "../support/run-upload.ts";

type Answer = StoredObject | undefined | Error;

const whole = checksumOf("CRC32", large);
const object: StoredObject = { bucket: "drop", key: stored, size: large.length, etag: '"e-4"', checksum: whole };

/** An upload whose destination completes it with these answers, in order; and what it was asked. */
async function completedThere(...answers: readonly Answer[]) {
  const asked: Completion[] = [];
  const s3 = fakeS3();
  const destination: Destination = {
    ...s3.destination,
    createMultipart: async (...wish) => ({
      ...(await s3.destination.createMultipart(...wish)),
      complete: async (completion) => {
        const answer = answers[asked.push(completion) - 1];
        if (answer instanceof Error) throw answer;
        return answer;
      },
    }),
  };
  return { ...(await upload(large, { ...s3, destination })), asked };
}

describe("an upload that its destination completes", () => {
  test("is the object that the destination tells, with no completion sent to S3", async () => {
    const { object: result, asked, s3 } = await completedThere(object);
    expect(result).toEqual(object);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ size: large.length, checksum: whole });
    expect(asked[0]?.parts.map(({ partNumber }) => partNumber)).toEqual([1, 2, 3, 4]);
    expect(s3.requests.every(isPart())).toBe(true);
  });

  test("is asked for again every three seconds while S3 is at it", async () => {
    const { object: result, tools } = await completedThere(undefined, undefined, object);
    expect(result).toEqual(object);
    expect(tools.sleeps).toEqual([3_000, 3_000]);
  });

  test.for<[string, readonly Answer[], object]>([
    [
      "never comes about in ten minutes",
      Array.from({ length: 300 }, () => undefined),
      { code: "UPLOAD_NOT_FOUND", message: `It is not known whether s3://drop/${stored} was stored.` },
    ],
    [
      "is gone, perhaps completed",
      [new S3upError("UPLOAD_NOT_FOUND", "gone")],
      { message: expect.stringMatching(/^It is not known whether/) },
    ],
    ["is refused", [new S3upError("OBJECT_EXISTS", "taken")], { code: "OBJECT_EXISTS" }],
    [
      "has other bytes",
      [{ ...object, checksum: { algorithm: "CRC32", value: "AAAAAA==" } }],
      { code: "CHECKSUM_MISMATCH" },
    ],
  ])("fails where it %s", async ([, answers, expected]) => {
    expect((await completedThere(...answers)).object).toMatchObject(expected);
  });

  test("is believed where no checksum is told", async () => {
    const { checksum: _, ...without } = object;
    expect((await completedThere(without)).object).toEqual(without);
  });
});
