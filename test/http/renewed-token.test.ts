import { describe, expect, test } from "vitest";
import { S3upError } from "../../src/errors.ts";
import { endpointError } from "../../src/http/endpoint-errors.ts";
import { createUploadToken } from "../../src/http/renewed-token.ts";
import type { MultipartAnswer } from "../../src/protocol/messages.ts";

const { signal } = new AbortController();
const upload = {
  bucket: "drop",
  key: "k",
  uploadId: "upload-1",
  uploadToken: "old",
  partSize: 1,
  maxBatch: 1,
  resumed: true,
  checksum: { algorithm: "CRC32" },
} as const;

function refusal(error: string, status = 403): S3upError {
  return endpointError({ status, headers: {}, body: JSON.stringify({ error, message: "No." }) }, "e.test");
}

/** Takes the new token only. */
const call =
  (problem: string, seen: string[] = []) =>
  async (token: string) => {
    seen.push(token);
    if (token === "old") throw refusal(problem);
    return `with ${token}`;
  };

const answer = (changes: Partial<MultipartAnswer> = {}) =>
  ({ ...upload, uploadToken: "new", ...changes }) as unknown as MultipartAnswer;

describe("an upload token", () => {
  test.for(["token_expired", "invalid_token", "token_subject_mismatch"])(
    "that is refused as %s is made anew",
    async (problem) => {
      const token = createUploadToken({ upload, renew: async () => answer() });
      expect(await token.use(signal, call(problem))).toBe("with new");
      expect(token.current()).toBe("new");
    },
  );

  test("is asked for once by all who were refused together", async () => {
    let asked = 0;
    const renew = async () => {
      asked += 1;
      return answer();
    };
    const token = createUploadToken({ upload, renew });
    const calls = Array.from({ length: 5 }, () => token.use(signal, call("token_expired")));
    expect(await Promise.all(calls)).toEqual(Array(5).fill("with new"));
    expect(asked).toBe(1);
  });

  test.for<[string, (() => Promise<MultipartAnswer>) | undefined]>([
    ["where asking again would begin another upload", undefined],
    ["where another upload was begun", async () => answer({ uploadId: "upload-2" })],
    ["where the endpoint has none", async () => Promise.reject(refusal("upload_completed", 409))],
  ])("is given up %s", async ([, renew]) => {
    const token = createUploadToken({ upload, renew });
    await expect(token.use(signal, call("token_subject_mismatch"))).rejects.toMatchObject({ code: "URL_EXPIRED" });
  });

  test.for([refusal("forbidden"), new S3upError("NETWORK", "gone")])("is not to blame for %s", async (error) => {
    const token = createUploadToken({ upload, renew: async () => answer() });
    await expect(token.use(signal, () => Promise.reject(error))).rejects.toBe(error);
  });

  test("that cannot be asked for is not given up: the next run may ask", async () => {
    const error = new S3upError("NETWORK", "gone");
    const token = createUploadToken({ upload, renew: () => Promise.reject(error) });
    await expect(token.use(signal, call("token_expired"))).rejects.toBe(error);
  });
});
