/** One question to a presign endpoint, asked as often as a busy endpoint needs, and what came of it. */
import type { PreflightAnswer, ProbeAnswer, SignedUpload } from "../audit/endpoint-facts.ts";
import { foreignOrigin } from "../audit/hostile-names.ts";
import { retryAfterMs } from "../upload/retry.ts";
import { SendFailure, type SentAnswer } from "../upload/transport.ts";
import type { BackendRequest } from "./backend-client.ts";
import type { OutgoingRequest } from "./exchange.ts";
import type { WebSender } from "./part-sender.ts";
import { type ProbedUpload, readProbedUpload } from "./probed-upload.ts";

/** Headers that authorize a request; asked again with `refused` after a 401, and then undefined where there are no others. */
export type Authorize = (
  request: BackendRequest,
  refused: boolean,
) => Promise<Readonly<Record<string, string>> | undefined>;

export interface Asker {
  /** A POST of JSON; without `authorize` it names nobody. */
  post(body: object, asked: SignedUpload["asked"], authorize?: Authorize): Promise<Asked>;
  /** What the endpoint says of itself. */
  get(): Promise<SentAnswer | SendFailure>;
  /** Undefined: no answer. */
  preflight(url: string, method: "POST" | "PUT"): Promise<PreflightAnswer | undefined>;
  /** Once, as it stands. */
  send(request: OutgoingRequest, body: Uint8Array): Promise<SentAnswer | SendFailure>;
}

export interface Asked {
  readonly answer: ProbeAnswer;
  readonly sent: SentAnswer | SendFailure;
  /** Only where `answer` is `signed`. */
  readonly upload?: ProbedUpload;
}

export interface AskerOptions {
  /** The endpoint, without query. */
  readonly url: string;
  readonly sender: WebSender;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

const attempts = 3;
const pauseMs = 500;
const longestPauseMs = 10_000;
const answerTimeoutMs = 35_000;

export function createAsker({ url, sender, sleep, now, signal }: AskerOptions): Asker {
  async function sendOnce(request: OutgoingRequest, body: Uint8Array): Promise<SentAnswer | SendFailure> {
    try {
      const bytes = body.byteLength === 0 ? undefined : [body];
      return await sender.send(request, bytes, { signal, contentLength: body.byteLength, answerTimeoutMs });
    } catch (error) {
      if (error instanceof SendFailure) return error;
      throw error;
    }
  }

  async function sendAs(request: BackendRequest, authorize?: Authorize): Promise<SentAnswer | SendFailure> {
    const { method, headers, body } = request;
    const send = (authorization: Readonly<Record<string, string>> | undefined) =>
      sendOnce({ method, url, headers: { ...headers, ...authorization } }, Buffer.from(body));
    const answer = await send(await authorize?.(request, false));
    if (authorize === undefined || !isUnauthorized(answer)) return answer;
    const another = await authorize(request, true);
    return another === undefined ? answer : send(another);
  }

  async function ask(method: "GET" | "POST", body: string, authorize?: Authorize): Promise<SentAnswer | SendFailure> {
    const headers = { accept: "application/json", ...(body === "" ? {} : { "content-type": "application/json" }) };
    for (let tries = 1; ; tries += 1) {
      const sent = await sendAs({ method, url, headers, body }, authorize);
      if (tries >= attempts || !isBusy(sent)) return sent;
      const asked = sent instanceof SendFailure ? 0 : retryAfterMs(sent.headers["retry-after"]);
      await sleep(Math.min(Math.max(asked, pauseMs * tries), longestPauseMs), signal);
    }
  }

  return {
    async post(body, asked, authorize) {
      const sent = await ask("POST", JSON.stringify(body), authorize);
      return sent instanceof SendFailure ? { answer: "unclear", sent } : readAnswer(sent, asked, now());
    },
    get: () => ask("GET", ""),
    async preflight(target, method) {
      const sent = await sendOnce(
        { method: "OPTIONS", url: target, headers: preflightHeaders(method) },
        new Uint8Array(),
      );
      return sent instanceof SendFailure || isBusy(sent) ? undefined : preflightAnswer(sent);
    },
    send: sendOnce,
  };
}

function readAnswer(sent: SentAnswer, asked: SignedUpload["asked"], now: Date): Asked {
  const { status } = sent;
  if (status >= 200 && status < 300) {
    const upload = readProbedUpload(sent.body, asked, now);
    return upload === undefined ? { answer: "unclear", sent } : { answer: "signed", sent, upload };
  }
  return { answer: isBusy(sent) || status < 400 ? "unclear" : "refused", sent };
}

function isUnauthorized(sent: SentAnswer | SendFailure): boolean {
  return !(sent instanceof SendFailure) && sent.status === 401;
}

/** A 500 is a refusal as far as it goes: nothing was signed, however often the same was asked. */
function isBusy(sent: SentAnswer | SendFailure): boolean {
  return sent instanceof SendFailure || [429, 502, 503, 504].includes(sent.status);
}

function preflightHeaders(method: "POST" | "PUT"): Readonly<Record<string, string>> {
  return {
    origin: foreignOrigin,
    "access-control-request-method": method,
    "access-control-request-headers": "content-type",
  };
}

function preflightAnswer({ status, headers }: SentAnswer): PreflightAnswer {
  const origin = headers["access-control-allow-origin"];
  const credentials = headers["access-control-allow-credentials"];
  return {
    status,
    ...(origin === undefined ? {} : { allowOrigin: origin }),
    ...(credentials === undefined ? {} : { allowCredentials: credentials.trim() === "true" }),
  };
}
