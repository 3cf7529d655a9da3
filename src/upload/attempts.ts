/** Sends one signed request until it is answered for good: signs again, backs off, narrows the window, gives up. */
import type { SignedRequest } from "../protocol/messages.ts";
import type { ForeignSignature } from "../signing/foreign-signature.ts";
import { readSignedUrl } from "../signing/signed-url.ts";
import { gaveUp, type RequestSubject } from "./give-up.ts";
import { decide, judge, type Outcome, reasonOf } from "./retry.ts";
import type { UploadTools } from "./tools.ts";
import { type RequestBody, SendFailure, type SentAnswer } from "./transport.ts";
import type { SendWindow, WindowPass } from "./window.ts";

export interface PersistentRequest<T> {
  /** For events and error texts. */
  subject(): RequestSubject;
  sign(): Promise<SignedRequest>;
  readonly contentLength: number;
  body(): RequestBody | undefined;
  readonly answerPatience?: number;
  /** Once begun, a try is not cut off: an answer that nobody heard would leave the outcome open. */
  readonly uninterruptible?: boolean;
  /** Reads a success, or says why it cannot be believed. */
  accept(answer: SentAnswer): { readonly result: T } | Doubt;
  /** Looks at every other outcome first: it may know the result after all, or a reason to try again. */
  recover?(outcome: Outcome): Promise<Recovery<T>>;
  readonly onSent?: (bytes: number) => void;
  /** Bytes of a try that did not succeed. */
  readonly onTakenBack?: (bytes: number) => void;
}

export interface Doubt {
  readonly doubt: string;
  /** The bytes may have been damaged, as opposed to the answer. */
  readonly corrupt: boolean;
}

export type Recovery<T> =
  | { readonly act: "none" }
  | { readonly act: "retry" }
  | { readonly act: "done"; readonly result: T };

/** Seconds of a URL's life that are left unused, since clocks differ and requests take time to begin. */
const lifeMarginSeconds = 5;
/** Credentials, clock and region may all have to be learned for one request. */
const mostRenewals = 3;

/** @throws S3upError when it gives up; the signal's reason when it aborts */
export async function sendPersistently<T>(
  request: PersistentRequest<T>,
  tools: UploadTools,
  signal: AbortSignal,
  window?: SendWindow,
): Promise<T> {
  const { emit, clock, random, settings } = tools;
  const signing = rememberSignature(request, tools);
  let tries = 0;
  let renewals = 0;
  let idleSockets = 0;

  function foreignSignature(): ForeignSignature | undefined {
    const { signedBy } = tools;
    return signedBy === undefined ? undefined : { by: signedBy, headers: signing.headers() };
  }

  async function mayRenew(outcome: Outcome): Promise<boolean> {
    const refused = signing.known();
    if (outcome.kind !== "answer" || refused === undefined || renewals >= mostRenewals) return false;
    return (await tools.renew?.(outcome.answer, refused)) ?? false;
  }

  for (;;) {
    signal.throwIfAborted();
    tries += 1;
    const tried = await tryOnce(request, signing.current, tools.sender, signal, window);
    if ("result" in tried) return tried.result;

    const { outcome } = tried;
    const recovery = (await request.recover?.(outcome)) ?? { act: "none" };
    if (recovery.act === "done") return recovery.result;

    const decision = (await mayRenew(outcome))
      ? ({ act: "resign" } as const)
      : decide(outcome, { tries, renewals, idleSockets }, settings, random);
    const { partNumber } = request.subject();
    if (decision.act === "resign") {
      renewals += 1;
      tries -= 1;
      signing.forget();
      emit({ type: "resigned", partNumber });
      continue;
    }
    renewals = 0;
    if (recovery.act === "retry" && tries < settings.maxAttempts) {
      emit({ type: "retrying", partNumber, attempt: tries + 1, delayMs: 0, reason: reasonOf(outcome) });
      continue;
    }
    if (decision.act !== "retry")
      throw gaveUp({ ...request.subject(), ...conditionOf(signing.known()) }, outcome, tries, foreignSignature());
    if (!decision.counts) {
      idleSockets += 1;
      tries -= 1;
      continue;
    }
    emit({
      type: "retrying",
      partNumber,
      attempt: tries + 1,
      delayMs: decision.delayMs,
      reason: reasonOf(outcome),
    });
    await clock.sleep(decision.delayMs, signal);
  }
}

function conditionOf(signed: SignedRequest | undefined): { readonly ifMatch?: boolean } {
  return signed?.headers["if-match"] === undefined ? {} : { ifMatch: true };
}

type Tried<T> = { readonly result: T } | { readonly outcome: Outcome };

async function tryOnce<T>(
  request: PersistentRequest<T>,
  sign: () => Promise<SignedRequest>,
  sender: UploadTools["sender"],
  signal: AbortSignal,
  window: SendWindow | undefined,
): Promise<Tried<T>> {
  const attempt = async (pass: WindowPass | undefined): Promise<Tried<T>> => {
    const tried = await send(request, await sign(), sender, signal, pass);
    if ("result" in tried) pass?.succeeded(request.contentLength);
    else if (judge(tried.outcome) === "slow-down") pass?.slowDown();
    return tried;
  };
  if (window === undefined) return attempt(undefined);
  // Asked for while others still send, so that nobody waits for a signature inside the window; there it is asked for
  // again, and made anew only if the wait was longer than its life.
  await sign();
  return window.run(signal, attempt);
}

async function send<T>(
  request: PersistentRequest<T>,
  signed: SignedRequest,
  sender: UploadTools["sender"],
  signal: AbortSignal,
  pass: WindowPass | undefined,
): Promise<Tried<T>> {
  let sent = 0;
  let tried: Tried<T> | undefined;
  try {
    const answer = await sender.send(signed, request.body(), {
      signal: request.uninterruptible === true ? new AbortController().signal : signal,
      contentLength: request.contentLength,
      ...(request.answerPatience === undefined ? {} : { answerPatience: request.answerPatience }),
      onSent: (bytes) => {
        sent += bytes;
        request.onSent?.(bytes);
        if (sent === request.contentLength) pass?.bodySent(() => sender.roundTrip?.(signed.url));
      },
    });
    tried = read(request, answer);
  } catch (failure) {
    if (!(failure instanceof SendFailure)) throw failure;
    tried = { outcome: { kind: "failure", failure } };
  } finally {
    if (tried === undefined || !("result" in tried)) request.onTakenBack?.(sent);
  }
  return tried;
}

function read<T>(request: PersistentRequest<T>, answer: SentAnswer): Tried<T> {
  const outcome: Outcome = { kind: "answer", answer };
  if (judge(outcome) !== "good") return { outcome };
  const accepted = request.accept(answer);
  if ("result" in accepted) return accepted;
  return { outcome: { kind: "unbelievable", reason: accepted.doubt, corrupt: accepted.corrupt } };
}

/** A signature serves several tries while it lives. */
function rememberSignature<T>(request: PersistentRequest<T>, { clock }: UploadTools) {
  let known: { readonly signed: SignedRequest; readonly until: number } | undefined;
  return {
    forget: () => {
      known = undefined;
    },
    known: () => known?.signed,
    /** What was sent under the signature, besides the host. */
    headers: (): Readonly<Record<string, string>> => {
      if (known === undefined) return {};
      const { url, headers, contentLength } = known.signed;
      const sent = { ...(contentLength === undefined ? {} : { "content-length": String(contentLength) }), ...headers };
      const signature = readSignedUrl(url)?.signature;
      const names = signature?.version === 4 ? signature.signedHeaders : [];
      return Object.fromEntries(Object.entries(sent).filter(([name]) => names.includes(name)));
    },
    current: async (): Promise<SignedRequest> => {
      if (known !== undefined && clock.now() < known.until) return known.signed;
      const asked = clock.now();
      const signed = await request.sign();
      const life = Math.max(signed.expiresIn - lifeMarginSeconds, signed.expiresIn / 2);
      known = { signed, until: asked + life * 1000 };
      return signed;
    },
  };
}
