import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decide,
  jitteredDelayMs,
  judge,
  type Outcome,
  reasonOf,
  retryAfterMs,
  type Verdict,
} from "../../src/upload/retry.ts";
import { SendFailure } from "../../src/upload/transport.ts";
import { answer, s3Error } from "../support/fake-s3.ts";

const answered = (...args: Parameters<typeof s3Error>): Outcome => ({ kind: "answer", answer: s3Error(...args) });
const plain = (...args: Parameters<typeof answer>): Outcome => ({ kind: "answer", answer: answer(...args) });
const failed = (reason: SendFailure["reason"], reusedSocket = false): Outcome => ({
  kind: "failure",
  failure: new SendFailure(reason, "no answer", { reusedSocket }),
});

describe("judge", () => {
  test.for<[string, Outcome, Verdict]>([
    ["200", plain(200), "good"],
    ["204", plain(204), "good"],
    ["200 with an error document", answered(200, "InternalError"), "transient"],
    ["200 with an error document of another kind", answered(200, "InvalidPart"), "final"],
    ["403 Request has expired", answered(403, "AccessDenied", "Request has expired"), "expired"],
    ["403 AccessDenied", answered(403, "AccessDenied", "Access Denied"), "final"],
    ["400 ExpiredToken", answered(400, "ExpiredToken", "The provided token has expired."), "expired"],
    ["403 SignatureDoesNotMatch", answered(403, "SignatureDoesNotMatch"), "final"],
    ["403 RequestTimeTooSkewed", answered(403, "RequestTimeTooSkewed"), "final"],
    ["503 SlowDown", answered(503, "SlowDown"), "slow-down"],
    ["503 without a body", plain(503), "slow-down"],
    ["429", plain(429), "slow-down"],
    ["500 InternalError", answered(500, "InternalError"), "transient"],
    ["502 of a proxy", plain(502, {}, "<html>"), "transient"],
    ["504", plain(504), "transient"],
    ["408", plain(408), "transient"],
    ["400 RequestTimeout", answered(400, "RequestTimeout"), "transient"],
    ["400 BadDigest", answered(400, "BadDigest"), "corrupt"],
    ["400 XAmzContentChecksumMismatch", answered(400, "XAmzContentChecksumMismatch"), "corrupt"],
    ["400 of another kind", answered(400, "InvalidRequest"), "final"],
    ["404 NoSuchUpload", answered(404, "NoSuchUpload"), "final"],
    ["412", answered(412, "PreconditionFailed"), "final"],
    ["307, a redirect for now", answered(307, "TemporaryRedirect"), "transient"],
    ["no file descriptor", failed("descriptors"), "transient"],
    ["301", answered(301, "PermanentRedirect"), "final"],
    ["a reset on a new connection", failed("reset"), "transient"],
    ["a reset on a kept-alive connection", failed("reset", true), "idle-socket"],
    ["a stall", failed("stalled"), "transient"],
    ["a stall on a kept-alive connection", failed("stalled", true), "transient"],
    ["no connection", failed("connect"), "transient"],
    ["no address", failed("dns"), "transient"],
    ["a certificate that is not trusted", failed("tls"), "final"],
    ["no HTTP", failed("protocol"), "transient"],
    ["a browser that keeps page and server apart", failed("cors"), "blocked"],
    ["a success without an ETag", { kind: "unbelievable", reason: "no ETag", corrupt: false }, "transient"],
    ["a success with another checksum", { kind: "unbelievable", reason: "checksum", corrupt: true }, "corrupt"],
  ])("%s is %s", ([, outcome, verdict]) => {
    expect(judge(outcome)).toBe(verdict);
  });
});

describe("decide", () => {
  const fresh = { tries: 1, renewals: 0, idleSockets: 0 };
  const limits = { maxAttempts: 4 };
  const half = () => 0.5;

  test.for<[string, Outcome, Partial<typeof fresh>, object]>([
    ["accepts a success", plain(200), {}, { act: "accept" }],
    ["waits a little after the first 500", plain(500), {}, { act: "retry", delayMs: 125, counts: true }],
    ["waits longer after the third", plain(500), { tries: 3 }, { act: "retry", delayMs: 500, counts: true }],
    ["gives up after the last", plain(500), { tries: 4 }, { act: "give-up", exhausted: true }],
    [
      "waits longer when asked to slow down",
      answered(503, "SlowDown"),
      {},
      { act: "retry", delayMs: 500, counts: true },
    ],
    ["honours Retry-After", plain(503, { "retry-after": "7" }), {}, { act: "retry", delayMs: 7000, counts: true }],
    ["gives up at once on a 403", answered(403, "AccessDenied"), {}, { act: "give-up", exhausted: false }],
    ["signs again after expiry", answered(400, "ExpiredToken"), {}, { act: "resign" }],
    ["signs again after expiry at the last try too", answered(400, "ExpiredToken"), { tries: 4 }, { act: "resign" }],
    [
      "does not sign again for ever",
      answered(400, "ExpiredToken"),
      { renewals: 1 },
      { act: "give-up", exhausted: false },
    ],
    [
      "repeats for nothing on an idle connection",
      failed("reset", true),
      {},
      { act: "retry", delayMs: 0, counts: false },
    ],
    ["but not for ever", failed("reset", true), { idleSockets: 3 }, { act: "retry", delayMs: 125, counts: true }],
    ["tries once more where the browser blocks", failed("cors"), {}, { act: "retry", delayMs: 125, counts: true }],
    ["and then tells", failed("cors"), { tries: 2 }, { act: "give-up", exhausted: true }],
    ["repeats after damage", answered(400, "BadDigest"), {}, { act: "retry", delayMs: 125, counts: true }],
  ])("%s", ([, outcome, history, expected]) => {
    expect(decide(outcome, { ...fresh, ...history }, limits, half)).toEqual(expected);
  });
});

test("the delay has full jitter and a bound", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (tries, dice) => {
        const delay = jitteredDelayMs(tries, 250, () => dice);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(Math.min(20_000, 250 * 2 ** (tries - 1)));
      },
    ),
  );
});

test.for([
  [undefined, 0],
  ["3", 3000],
  ["86400", 60_000],
  ["Wed, 21 Oct 2026 07:28:00 GMT", 0],
  ["-1", 0],
] as const)("Retry-After %s is %i ms", ([header, expected]) => {
  expect(retryAfterMs(header)).toBe(expected);
});

test.for<[Outcome, string]>([
  [answered(503, "SlowDown"), "503 SlowDown"],
  [plain(502, {}, "<html>"), "502"],
  [failed("stalled"), "stalled"],
  [{ kind: "unbelievable", reason: "no ETag", corrupt: false }, "no ETag"],
])("the reason of %j is %s", ([outcome, reason]) => {
  expect(reasonOf(outcome)).toBe(reason);
});
