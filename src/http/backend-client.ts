/** The presign protocol as a client speaks it: JSON out, checked JSON in, every refusal as an error for people. */
import * as v from "valibot";
import { S3upError } from "../errors.ts";
import {
  type Capabilities,
  type CompletedAnswer,
  type CompleteViaClientAnswer,
  capabilitiesSchema,
  completedAnswerSchema,
  completeViaClientAnswerSchema,
  completingAnswerSchema,
  type ListedPart,
  listAnswerSchema,
  type MultipartAnswer,
  multipartAnswerSchema,
  type PartsAnswer,
  type PostAnswer,
  type PutAnswer,
  partsAnswerSchema,
  postAnswerSchema,
  putAnswerSchema,
  type UploadRequest,
} from "../protocol/messages.ts";
import { jitteredDelayMs, retryAfterMs } from "../upload/retry.ts";
import type { Clock } from "../upload/tools.ts";
import { type PartSender, SendFailure, type SentAnswer } from "../upload/transport.ts";
import { mayTravel } from "../upload/trust.ts";
import { endpointError, endpointUnreachable, readJson, readProblem, unreadableAnswer } from "./endpoint-errors.ts";

/** A request that is not authorized yet. */
export interface BackendRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for a GET. */
  readonly body: string;
}

export interface BackendClientOptions {
  /** Address of the endpoint, usually ending in `/presign`. */
  readonly endpoint: string;
  readonly sender: PartSender;
  /**
   * Headers that authorize a request, such as `authorization: Bearer …`; asked for each try, and once more with
   * `refused` when the endpoint answered 401 to the ones before; undefined then: there are no others.
   */
  readonly authorize?:
    | ((request: BackendRequest, refused: boolean) => Promise<Readonly<Record<string, string>> | undefined>)
    | undefined;
  readonly clock: Pick<Clock, "sleep">;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  readonly maxAttempts?: number;
}

/** What a client asks; the protocol's `v` is added here, and what is left out stays out. */
export type UploadWish = Omit<UploadRequest, "v" | "mode" | "overwrite" | "metadata"> &
  Partial<Pick<UploadRequest, "overwrite" | "metadata">>;

export interface ListedUpload {
  readonly parts: readonly ListedPart[];
  readonly state: "open" | "completed" | "gone";
}

export interface BackendClient {
  /** Host and port, for people. */
  readonly host: string;
  /** Of the endpoint, without query. */
  readonly address: string;
  capabilities(signal: AbortSignal): Promise<Capabilities>;
  requestPut(wish: UploadWish, signal: AbortSignal): Promise<PutAnswer>;
  requestPost(wish: UploadWish, signal: AbortSignal): Promise<PostAnswer>;
  /**
   * An abort of the signal does not cut the request off: an upload that nobody knows of could stay behind.
   * @param repeatable the endpoint continues the same upload when it is asked twice with one `clientToken`
   */
  createMultipart(wish: UploadWish, repeatable: boolean, signal: AbortSignal): Promise<MultipartAnswer>;
  signParts(uploadToken: string, parts: readonly AskedPart[], signal: AbortSignal): Promise<PartsAnswer>;
  /** All pages. */
  list(uploadToken: string, signal: AbortSignal): Promise<ListedUpload>;
  signComplete(completion: CompletionWish, signal: AbortSignal): Promise<CompleteViaClientAnswer>;
  /** Completes there; undefined while S3 is still at it. */
  complete(completion: CompletionWish, signal: AbortSignal): Promise<CompletedAnswer | undefined>;
  abort(uploadToken: string, signal: AbortSignal): Promise<void>;
}

export interface AskedPart {
  readonly partNumber: number;
  readonly checksum?: string;
}

export interface CompletionWish {
  readonly uploadToken: string;
  readonly parts: readonly {
    readonly partNumber: number;
    readonly etag: string;
    readonly checksum?: string | undefined;
  }[];
  readonly checksum?: { readonly algorithm: string; readonly value: string } | undefined;
}

const defaultAttempts = 4;
const backoffBaseMs = 300;
/** Ten thousand signed parts would be more; a batch has a few hundred. */
const keptAnswer = 8 * 1024 * 1024;

/** @throws S3upError USAGE for an address that is none, or that would carry credentials over plain HTTP */
export function createBackendClient(options: BackendClientOptions): BackendClient {
  const base = readEndpoint(options.endpoint);
  const ask = createAsker(options, base.host);
  const at = (path: string) => `${base.address}${path}`;

  const post = <T>(path: string, body: object, schema: Schema<T>, signal: AbortSignal) =>
    ask({ method: "POST", url: at(path), body, repeatable: true, interruptible: true }, schema, signal);

  return {
    host: base.host,
    address: base.address,
    capabilities: (signal) =>
      ask({ method: "GET", url: at(""), repeatable: true, interruptible: true }, capabilitiesSchema, signal),
    requestPut: (wish, signal) => post("", { v: 1, mode: "put", ...wish }, putAnswerSchema, signal),
    requestPost: (wish, signal) => post("", { v: 1, mode: "post", ...wish }, postAnswerSchema, signal),
    createMultipart: (wish, repeatable, signal) =>
      ask(
        {
          method: "POST",
          url: at("/multipart"),
          body: { v: 1, mode: "multipart", ...wish },
          repeatable,
          interruptible: false,
        },
        multipartAnswerSchema,
        signal,
      ),
    signParts: (uploadToken, parts, signal) =>
      post("/multipart/parts", { v: 1, uploadToken, parts }, partsAnswerSchema, signal),
    list: (uploadToken, signal) =>
      listAll((marker) =>
        post("/multipart/list", { uploadToken, ...(marker === undefined ? {} : { marker }) }, listAnswerSchema, signal),
      ),
    signComplete: (completion, signal) =>
      post("/multipart/complete", { ...completion, via: "client" }, completeViaClientAnswerSchema, signal),
    complete: async (completion, signal) => {
      const schema = v.union([completedAnswerSchema, completingAnswerSchema]);
      const answer = await post("/multipart/complete", { ...completion, via: "server" }, schema, signal);
      return "state" in answer ? undefined : answer;
    },
    abort: async (uploadToken, signal) => {
      await post("/multipart/abort", { uploadToken }, v.unknown(), signal);
    },
  };
}

async function listAll(
  page: (marker: number | undefined) => Promise<v.InferOutput<typeof listAnswerSchema>>,
): Promise<ListedUpload> {
  const parts: ListedPart[] = [];
  let marker: number | undefined;
  for (;;) {
    const answer = await page(marker);
    parts.push(...answer.parts);
    // A server that names the same page again would be asked for ever.
    if (answer.nextMarker === undefined || answer.nextMarker <= (marker ?? 0)) return { parts, state: answer.state };
    marker = answer.nextMarker;
  }
}

type Schema<T> = v.GenericSchema<unknown, T>;

interface Question {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly body?: object;
  /** True when asking twice does no more than asking once. */
  readonly repeatable: boolean;
  /** False when a request that was begun has to be answered. */
  readonly interruptible: boolean;
}

function createAsker(options: BackendClientOptions, host: string) {
  const { sender, clock, random, maxAttempts = defaultAttempts } = options;

  function send(
    { method, url, headers, body }: BackendRequest,
    authorization: Readonly<Record<string, string>> | undefined,
    signal: AbortSignal,
  ): Promise<SentAnswer> {
    const bytes = new TextEncoder().encode(body);
    return sender.send(
      { method, url, headers: { ...headers, ...authorization }, expiresIn: 60 },
      bytes.byteLength === 0 ? undefined : [bytes],
      { signal, contentLength: bytes.byteLength, keptAnswer },
    );
  }

  async function tryOnce(question: Question, stop: AbortSignal): Promise<SentAnswer | SendFailure> {
    const request = requestOf(question);
    const signal = question.interruptible ? stop : new AbortController().signal;
    try {
      const answer = await send(request, await options.authorize?.(request, false), signal);
      if (answer.status !== 401) return answer;
      const another = await options.authorize?.(request, true);
      return another === undefined ? answer : await send(request, another, signal);
    } catch (error) {
      if (error instanceof SendFailure) return error;
      throw error;
    }
  }

  return async <T>(question: Question, schema: Schema<T>, signal: AbortSignal): Promise<T> => {
    for (let tries = 1; ; tries += 1) {
      signal.throwIfAborted();
      const tried = await tryOnce(question, signal);
      const failed = tried instanceof SendFailure;
      if (!failed && tried.status >= 200 && tried.status < 300) return parse(tried, schema, host);
      if (tries >= maxAttempts || !isWorthAnother(tried, question)) {
        throw failed ? endpointUnreachable(tried, host) : endpointError(tried, host);
      }
      const asked = failed ? 0 : retryAfterMs(tried.headers["retry-after"]);
      await clock.sleep(Math.max(asked, jitteredDelayMs(tries, backoffBaseMs, random)), signal);
    }
  };
}

function requestOf({ method, url, body }: Question): BackendRequest {
  const headers = { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) };
  return { method, url, headers, body: body === undefined ? "" : JSON.stringify(body) };
}

function isWorthAnother(tried: SentAnswer | SendFailure, { repeatable }: Question): boolean {
  if (tried instanceof SendFailure) {
    if (tried.reason === "connect" || tried.reason === "dns" || tried.reusedSocket) return true;
    return repeatable && (tried.reason === "reset" || tried.reason === "stalled");
  }
  const { status } = tried;
  if (status === 429 || status === 503) return true;
  // The gateway's own errors leave open whether the endpoint did what was asked.
  return repeatable && (status === 500 || status === 502 || status === 504) && readProblem(tried)?.retryable !== false;
}

function parse<T>(answer: SentAnswer, schema: Schema<T>, host: string): T {
  const parsed = v.safeParse(schema, answer.body === "" ? undefined : readJson(answer.body));
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const place = v.getDotPath(issue) ?? "the answer";
  throw unreadableAnswer(answer, host, `${place}: ${issue.message}.`);
}

function readEndpoint(text: string): { readonly address: string; readonly host: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new S3upError("USAGE", "The endpoint is no web address.", {
      hint: "Write --endpoint https://…/presign.",
    });
  }
  if (url.username !== "" || url.password !== "") {
    throw new S3upError("USAGE", `The endpoint ${url.host} must not carry a user name or a password.`, {
      why: "They would show up in the process list and in logs.",
      hint: "Use --token or --token-command.",
    });
  }
  if (!mayTravel(url.href)) {
    throw new S3upError("USAGE", `The endpoint ${url.host} is plain HTTP.`, {
      why: "What it answers lets anyone who sees it upload; only this machine itself may be asked without TLS.",
      hint: "Use https://.",
    });
  }
  return { address: `${url.origin}${url.pathname.replace(/\/+$/, "")}`, host: url.host };
}
