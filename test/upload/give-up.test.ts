import { describe, expect, test } from "vitest";
import { S3upError } from "../../src/errors.ts";
import { SendFailure } from "../../src/upload/transport.ts";
import { answer, type FakeS3, fakeS3, isComplete, isPart, s3Error } from "../support/fake-s3.ts";
import { large, reset, small, upload } from "../support/run-upload.ts";

describe("what cannot be put right is an error, and nothing is left behind", () => {
  test.for<[string, Uint8Array, FakeS3["intercept"], object]>([
    [
      "500 for ever",
      large,
      (request) =>
        isPart(3)(request) ? s3Error(500, "InternalError", "We encountered an internal error.") : undefined,
      {
        code: "S3_ERROR",
        message: "Part 3 could not be sent in 4 tries.",
        why: "UploadPart on s3://drop/k/file.bin failed. S3 answered 500 InternalError: We encountered an internal error.",
      },
    ],
    [
      "503 for ever",
      large,
      (request) => (isPart(3)(request) ? s3Error(503, "SlowDown") : undefined),
      { code: "THROTTLED", message: "Part 3 could not be sent in 4 tries." },
    ],
    [
      "a refusal",
      large,
      (request) => (isPart(1)(request) ? s3Error(403, "AccessDenied", "no") : undefined),
      { code: "ACCESS_DENIED", message: "S3 does not allow UploadPart on s3://drop/k/file.bin." },
    ],
    [
      "a URL that stays expired",
      large,
      (request) => (isPart(1)(request) ? s3Error(403, "AccessDenied", "Request has expired") : undefined),
      { code: "URL_EXPIRED" },
    ],
    [
      "no network",
      large,
      () => new SendFailure("connect", "ECONNREFUSED"),
      { code: "NETWORK", why: "No connection to s3.test came about." },
    ],
    [
      "a certificate that nobody trusts",
      large,
      () => new SendFailure("tls", "SELF_SIGNED"),
      { code: "NETWORK", message: expect.not.stringContaining("tries") },
    ],
    [
      "answers that nobody can believe",
      large,
      (request) => (isPart(1)(request) ? answer(200) : undefined),
      { code: "S3_ERROR", message: "s3.test confirmed part 1 in a way that cannot be believed in 4 tries." },
    ],
    [
      "a completion that is refused",
      large,
      (request) => (isComplete(request) ? s3Error(412, "PreconditionFailed") : undefined),
      { code: "OBJECT_EXISTS", message: "s3://drop/k/file.bin already exists." },
    ],
    [
      "a completion of another object",
      large,
      (request) => (isComplete(request) ? s3Error(400, "BadDigest") : undefined),
      { code: "CHECKSUM_MISMATCH" },
    ],
    [
      "a PUT to a key that exists",
      small,
      () => s3Error(412, "PreconditionFailed"),
      { code: "OBJECT_EXISTS", message: "s3://drop/k/file.bin already exists." },
    ],
    [
      "a PUT that stored other bytes",
      small,
      () => answer(200, { etag: '"x"', "x-amz-checksum-crc32": "AAAAAA==" }),
      { code: "CHECKSUM_MISMATCH", message: "S3 stored other bytes under k/file.bin than those that were sent." },
    ],
    ["a PUT without a network", small, () => new SendFailure("dns", "ENOTFOUND"), { code: "NETWORK" }],
  ])("%s", async ([, bytes, intercept, expected]) => {
    const s3 = fakeS3();
    s3.intercept = intercept;
    const { object, types } = await upload(bytes, s3);
    expect(object).toBeInstanceOf(S3upError);
    expect(object).toMatchObject(expected);
    expect(s3.open()).toEqual([]);
    expect(s3.objects.size).toBe(0);
    expect(types.includes("aborted")).toBe(bytes === large);
  });

  test("no error and no event holds a signed URL", async () => {
    const s3 = fakeS3();
    s3.intercept = (request) => (isPart(1)(request) ? s3Error(500, "InternalError", `for ${request.url}`) : undefined);
    const { object, tools } = await upload(large, s3);
    const error = object as S3upError;
    const texts = [error.message, error.why, error.hint, JSON.stringify(tools.events)].join(" ");
    expect(texts).not.toContain("signature=");
  });

  test("a part that is not there when the upload is completed", async () => {
    const s3 = fakeS3();
    s3.intercept = (request) => (isPart(2)(request) ? answer(200, { etag: '"0badc0de"' }) : undefined);
    const { object } = await upload(large, s3);
    expect(object).toMatchObject({
      code: "S3_ERROR",
      message: "S3 could not put the parts of s3://drop/k/file.bin together.",
    });
    expect(s3.open()).toEqual([]);
  });

  test("a completion whose outcome nobody tells", async () => {
    const s3 = fakeS3();
    s3.statusError = new S3upError("ACCESS_DENIED", "no list");
    s3.intercept = (request) => (isComplete(request) ? reset : undefined);
    const { object } = await upload(large, s3);
    expect(object).toMatchObject({
      code: "NETWORK",
      message: "The completion of the upload could not be sent in 4 tries.",
    });
  });

  test("a completion that may or may not have made an object that nobody may look at", async () => {
    const s3 = fakeS3();
    const { destination } = s3;
    const blind: FakeS3 = {
      ...s3,
      destination: {
        ...destination,
        createMultipart: async (...args) => ({
          ...(await destination.createMultipart(...args)),
          status: async () => ({ state: "gone" }),
        }),
      },
    };
    s3.intercept = (request) => {
      if (!isComplete(request)) return undefined;
      request.proceed();
      return reset;
    };
    const { object } = await upload(large, blind);
    expect(object).toMatchObject({
      code: "UPLOAD_NOT_FOUND",
      message: "It is not known whether s3://drop/k/file.bin was stored.",
    });
  });

  test("an abort that fails is named, with the command that repeats it", async () => {
    const s3 = fakeS3();
    s3.intercept = (request) => (isPart(1)(request) ? s3Error(403, "AccessDenied") : undefined);
    s3.abortError = new Error("no permission");
    const { object, types } = await upload(large, s3);
    expect(object).toMatchObject({
      code: "ACCESS_DENIED",
      why: expect.stringContaining(
        "Its parts could not be removed (no permission): upload upload-1 stays and is billed.",
      ),
      hint: "Remove it with: s3up uploads abort s3://drop/k/file.bin --upload-id upload-1",
    });
    expect(types.at(-1)).toBe("left behind");
  });
});
