/**
 * What to do after one try of one request: a pure function of its outcome and of the tries before it.
 * Sources: Amazon S3 API Reference, "Error responses"; AWS Architecture Blog, "Exponential backoff and jitter".
 */
import { readS3Error } from "../signing/s3-answers.ts";
import type { SendFailure, SentAnswer } from "./transport.ts";

/** How one try ended. */
export type Outcome =
  | { readonly kind: "answer"; readonly answer: SentAnswer }
  | { readonly kind: "failure"; readonly failure: SendFailure }
  /** Answered with a success that cannot be believed, such as one without an ETag. */
  | { readonly kind: "unbelievable"; readonly reason: string; readonly corrupt: boolean };

export type Verdict =
  | "good"
  /** URL or session is too old: sign again. */
  | "expired"
  /** The server asks for fewer requests. */
  | "slow-down"
  /** May be gone at the next try. */
  | "transient"
  /** Other bytes arrived than those whose checksum was signed. */
  | "corrupt"
  /** The browser keeps page and server apart; once more, since a gateway's own error may look like it. */
  | "blocked"
  /** The server closed a kept-alive connection before it read the request. */
  | "idle-socket"
  /** The next try would end the same way. */
  | "final";

/** What the tries of one request have used up. */
export interface TryHistory {
  /** Tries that counted, this one included. */
  readonly tries: number;
  /** Re-signings since the last answer that was not about expiry. */
  readonly renewals: number;
  readonly idleSockets: number;
}

export type Decision =
  | { readonly act: "accept" }
  | { readonly act: "resign" }
  | { readonly act: "retry"; readonly delayMs: number; readonly counts: boolean }
  | { readonly act: "give-up"; readonly exhausted: boolean };

/** How often a closed idle connection costs nothing: a pool may hold several that died together. */
const freeIdleSockets = 3;
const maxRenewals = 1;
const maxBlockedTries = 2;
const backoff = { baseMs: 250, capMs: 20_000 } as const;
/** A server that throttles is given more time from the start. */
const slowDownBaseMs = 1_000;
/** A `Retry-After` beyond this is not waited for in full. */
const maxRetryAfterMs = 60_000;

const expiredCodes = new Set(["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"]);
const slowDownCodes = new Set([
  "SlowDown",
  "ServiceUnavailable",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
  "RequestLimitExceeded",
]);
const transientCodes = new Set(["InternalError", "RequestTimeout", "IncompleteBody", "OperationAborted"]);
const corruptCodes = new Set(["BadDigest", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch"]);

export function judge(outcome: Outcome): Verdict {
  switch (outcome.kind) {
    case "answer":
      return judgeAnswer(outcome.answer);
    case "failure":
      return judgeFailure(outcome.failure);
    case "unbelievable":
      return outcome.corrupt ? "corrupt" : "transient";
  }
}

/** @param random a number in [0, 1) */
export function decide(
  outcome: Outcome,
  history: TryHistory,
  limits: { readonly maxAttempts: number },
  random: () => number,
): Decision {
  const verdict = judge(outcome);
  if (verdict === "good") return { act: "accept" };
  if (verdict === "final") return { act: "give-up", exhausted: false };
  if (verdict === "expired")
    return history.renewals < maxRenewals ? { act: "resign" } : { act: "give-up", exhausted: false };
  if (verdict === "idle-socket" && history.idleSockets < freeIdleSockets)
    return { act: "retry", delayMs: 0, counts: false };
  const maxTries = verdict === "blocked" ? Math.min(maxBlockedTries, limits.maxAttempts) : limits.maxAttempts;
  if (history.tries >= maxTries) return { act: "give-up", exhausted: true };

  const base = verdict === "slow-down" ? slowDownBaseMs : backoff.baseMs;
  const asked = outcome.kind === "answer" ? retryAfterMs(outcome.answer.headers["retry-after"]) : 0;
  return { act: "retry", delayMs: Math.max(asked, jitteredDelayMs(history.tries, base, random)), counts: true };
}

/** Full jitter: anywhere between nothing and a bound that doubles with each try. */
export function jitteredDelayMs(tries: number, baseMs: number, random: () => number): number {
  return Math.round(random() * Math.min(backoff.capMs, baseMs * 2 ** (tries - 1)));
}

/** In a word or two, for the event: `503 SlowDown`, `stalled`. */
export function reasonOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case "answer": {
      const code = readS3Error(outcome.answer.body)?.code;
      return code === undefined ? String(outcome.answer.status) : `${outcome.answer.status} ${code}`;
    }
    case "failure":
      return outcome.failure.reason;
    case "unbelievable":
      return outcome.reason;
  }
}

function judgeAnswer({ status, body }: SentAnswer): Verdict {
  // A complete that fails late answers 200 with an error document, so the body is read first.
  const error = readS3Error(body);
  const code = error?.code ?? "";
  if (status >= 200 && status < 300 && error === undefined) return "good";

  if (expiredCodes.has(code)) return "expired";
  if (status === 403 && /\bexpired\b/i.test(error?.message ?? "")) return "expired";
  if (corruptCodes.has(code)) return "corrupt";
  if (slowDownCodes.has(code) || status === 429 || status === 503) return "slow-down";
  if (transientCodes.has(code) || status === 307 || status === 408 || status >= 500) return "transient";
  return "final";
}

function judgeFailure({ reason, reusedSocket }: SendFailure): Verdict {
  // A certificate that is not trusted will not be trusted a second later.
  if (reason === "tls") return "final";
  if (reason === "cors") return "blocked";
  return reason === "reset" && reusedSocket ? "idle-socket" : "transient";
}

/** Seconds only; the form with a date needs the server's clock and is rare. */
export function retryAfterMs(header: string | undefined): number {
  if (header === undefined || !/^\d{1,6}$/.test(header.trim())) return 0;
  return Math.min(maxRetryAfterMs, Number(header) * 1000);
}
