import { describe, expect, test } from "vitest";
import { checksumOf } from "../../src/upload/checksum.ts";
import { SendFailure } from "../../src/upload/transport.ts";
import {
  answer,
  type FakeS3,
  type FakeS3Options,
  fakeS3,
  inTurn,
  isComplete,
  isPart,
  isPut,
  s3Error,
} from "../support/fake-s3.ts";
import { isStored, large, reset, small, stored, upload } from "../support/run-upload.ts";

describe("what goes wrong on the way is put right", () => {
  const ofPart = (...faults: Parameters<typeof inTurn> extends [unknown, ...infer F] ? F : never) =>
    inTurn(isPart(2), ...faults);
  const ofComplete = (...faults: Parameters<typeof inTurn> extends [unknown, ...infer F] ? F : never) =>
    inTurn(isComplete, ...faults);
  const begun = ["create", "started"];
  const ended = ["complete", "completed"];

  test.for<[string, FakeS3["intercept"], readonly string[]]>([
    ["500", ofPart(s3Error(500, "InternalError")), [...begun, "retrying 2 (2): 500 InternalError", ...ended]],
    [
      "503 twice",
      ofPart(s3Error(503, "SlowDown"), s3Error(503, "SlowDown")),
      [
        ...begun,
        "window 1",
        "retrying 2 (2): 503 SlowDown",
        "window 2",
        "window 1",
        "retrying 2 (3): 503 SlowDown",
        "window 2",
        ...ended,
      ],
    ],
    ["a reset", ofPart(reset), [...begun, "retrying 2 (2): reset", ...ended]],
    ["a stall", ofPart(new SendFailure("stalled", "x")), [...begun, "retrying 2 (2): stalled", ...ended]],
    [
      "an idle connection that was closed",
      ofPart(new SendFailure("reset", "x", { reusedSocket: true })),
      [...begun, ...ended],
    ],
    ["an expired URL", ofPart(s3Error(403, "AccessDenied", "Request has expired")), [...begun, "resigned 2", ...ended]],
    [
      "bytes damaged on the wire",
      ofPart(s3Error(400, "BadDigest")),
      [...begun, "retrying 2 (2): 400 BadDigest", ...ended],
    ],
    ["an answer without ETag", ofPart(answer(200)), [...begun, "retrying 2 (2): no ETag", ...ended]],
    [
      "an answer with another checksum",
      ofPart(answer(200, { etag: '"x"', "x-amz-checksum-crc32": "AAAAAA==" })),
      [...begun, "retrying 2 (2): another checksum", ...ended],
    ],
    ["a page of a proxy", ofPart(answer(200, {}, "<html>")), [...begun, "retrying 2 (2): no ETag", ...ended]],
    [
      "a part whose answer got lost",
      ofPart((request) => {
        request.proceed();
        return reset;
      }),
      [...begun, "retrying 2 (2): reset", ...ended],
    ],
    [
      "an ETag that is not S3's",
      ofPart((request) => ({ ...request.proceed(), headers: { etag: '"0badc0de0badc0de0badc0de0badc0de"' } })),
      [...begun, "complete", "retrying - (2): 400 InvalidPart", "completed"],
    ],
    [
      "an error inside a 200 to the completion",
      ofComplete(s3Error(200, "InternalError")),
      [...begun, "complete", "retrying - (2): 200 InternalError", "completed"],
    ],
    [
      "a completion that expired",
      ofComplete(s3Error(403, "AccessDenied", "Request has expired")),
      [...begun, "complete", "resigned -", "completed"],
    ],
    [
      "a completion that was not carried out",
      ofComplete(reset),
      [...begun, "complete", "retrying - (2): reset", "completed"],
    ],
    [
      "a completion whose answer got lost",
      ofComplete((request) => {
        request.proceed();
        return reset;
      }),
      [...begun, ...ended],
    ],
    [
      "a completion whose answer was cut off",
      ofComplete((request) => {
        request.proceed();
        return answer(200, {}, "<CompleteMultipartUploadResult><ETag>");
      }),
      [...begun, ...ended],
    ],
  ])("%s", async ([, intercept, expected]) => {
    const s3 = fakeS3();
    s3.intercept = intercept;
    const { object, types } = await upload(large, s3);
    expect(object).toMatchObject({ size: large.length, checksum: checksumOf("CRC32", large) });
    expect(isStored(s3, large)).toBe(true);
    expect(
      types.filter((text) => !text.startsWith("window") || expected.some((one) => one.startsWith("window"))),
    ).toEqual(expected);
  });

  test("a lost completion is recognised by its ETag where the server keeps no checksums", async () => {
    const s3 = fakeS3({ confirmsChecksums: false });
    s3.intercept = ofComplete((request) => {
      request.proceed();
      return reset;
    });
    const { object } = await upload(large, s3);
    expect(object).toMatchObject({ etag: expect.stringContaining("-4") });
  });

  test("a signature is used again while it lives, and made again when it is too old", async () => {
    const quick = fakeS3({ expiresIn: 3600 });
    quick.intercept = ofPart(reset, reset);
    await upload(large, quick, { random: () => 0.999 });
    expect(quick.signatures()).toBe(5);

    const slow = fakeS3({ expiresIn: 1 });
    slow.intercept = ofPart(s3Error(503, "SlowDown"), s3Error(503, "SlowDown"));
    await upload(large, slow, { random: () => 0.999 });
    expect(slow.signatures()).toBe(7);
  });

  test("the bytes of a failed try are taken back", async () => {
    const s3 = fakeS3();
    s3.intercept = ofPart(s3Error(500, "InternalError"));
    const { tools } = await upload(large, s3);
    const last = tools.events.filter((event) => event.type === "progress").at(-1);
    expect(last).toMatchObject({ sentBytes: large.length, doneParts: 4 });
  });

  test.for<[string, FakeS3Options, FakeS3["intercept"], object]>([
    [
      "a PUT whose answer got lost, under a key made for it alone",
      { freshKey: true },
      inTurn(
        isPut,
        (request) => {
          request.proceed();
          return reset;
        },
        s3Error(412, "PreconditionFailed"),
      ),
      { key: stored, etag: undefined, checksum: checksumOf("CRC32", small) },
    ],
    [
      "a PUT whose answer got lost, found again by its checksum",
      {},
      inTurn(
        isPut,
        (request) => {
          request.proceed();
          return reset;
        },
        s3Error(412, "PreconditionFailed"),
      ),
      { key: stored, etag: expect.any(String), checksum: checksumOf("CRC32", small) },
    ],
    ["a PUT that failed", {}, inTurn(isPut, s3Error(500, "InternalError")), { key: stored }],
  ])("%s", async ([, options, intercept, expected]) => {
    const s3 = fakeS3(options);
    s3.intercept = intercept;
    const { object } = await upload(small, s3);
    expect(object).toMatchObject(expected);
  });
});
