/**
 * Faults on demand, at the three places where a server can fail a client: before the operation, on the request body,
 * and around the answer. The server asks once per request (`strike`) and calls the hooks of what it gets.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { cutAnswer, isCutting, withOtherEtag } from "./fault-answer.ts";
import { FaultedBody } from "./fault-body.ts";
import { errorOfFault } from "./fault-error.ts";
import { type FaultKind, type FaultRule, parseFaultRule } from "./fault-rule.ts";
import { s3Operations } from "./operation.ts";
import { type Chance, seededChance } from "./seeded-random.ts";

export type { FaultKind, FaultRule } from "./fault-rule.ts";

export interface FiredFault {
  readonly kind: FaultKind;
  readonly operation: string;
  readonly at: Date;
}

/** What a test or the command line holds in its hand. */
export interface FaultControl {
  add(rule: FaultRule): void;
  /** Forgets the rules; what has fired stays on record. */
  clear(): void;
  fired(): readonly FiredFault[];
}

export interface FaultTarget {
  /** Name of the S3 operation, or `Presign`. */
  readonly operation: string;
  readonly partNumber?: number;
}

/** What the server holds. */
export interface Faults extends FaultControl {
  /** Decides which faults hit this request. Call it exactly once per request, as soon as the operation is known. */
  strike(target: FaultTarget): Strike;
}

/** An error document, where it is sent with further elements and headers. */
export interface AskedError {
  readonly kind: "error";
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What happens instead of the operation; `proceed` means that it is carried out. */
export type Beginning =
  | { readonly kind: "proceed" }
  /** S3's error document with this code; `status` is 200 for the error that hides in a success. */
  | AskedError
  /** Not S3's answer at all: send it as it is. */
  | { readonly kind: "page"; readonly status: number; readonly contentType: string; readonly body: string }
  /** The connection is cut, or held open in silence until the client leaves: touch neither request nor response again. */
  | { readonly kind: "gone" };

export interface OutgoingAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | Readable;
}

/** The faults of one request. */
export interface Strike {
  /** Call before authentication. Settles after the latency. */
  begin(request: IncomingMessage, response: ServerResponse): Promise<Beginning>;
  /**
   * The request's raw body as the operation shall read it. A reset ends it with an error, as when a client leaves;
   * a stall neither ends nor errors until the connection closes.
   */
  body(request: IncomingMessage): Readable;
  /** Call on every answer to be sent, before `cut`: wrong ETag, limited rate. */
  alter<A extends OutgoingAnswer>(answer: A): A;
  /** True when the fault has ended the connection, with or without a part of the answer: then nothing is to be sent. */
  cut(response: ServerResponse, answer: OutgoingAnswer): Promise<boolean>;
}

export interface FaultSettings {
  /** Those in text are as `parseFaultRule` reads them. */
  readonly rules: readonly (FaultRule | string)[];
  readonly seed: number;
  readonly now: () => Date;
  /** Rejects when the signal aborts. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

interface ArmedRule {
  readonly rule: FaultRule;
  readonly chance: Chance;
  toSkip: number;
  left: number;
  /** Of the first hit. */
  since?: Date;
}

/** What a rule may be about. */
const operations: readonly string[] = [...s3Operations, "Presign"];

/** @throws S3upError USAGE for a rule in text that is not understood */
export function createFaults(settings: FaultSettings): Faults {
  let armed: ArmedRule[] = [];
  let added = 0;
  const record: FiredFault[] = [];
  // each rule draws from a generator of its own, so that one more rule does not change what the others hit
  const add = (rule: FaultRule) => {
    armed.push(arm(rule, seededChance(settings.seed + added)));
    added += 1;
  };
  for (const rule of settings.rules) add(typeof rule === "string" ? parseFaultRule(rule, operations) : rule);

  return {
    add,
    clear: () => {
      armed = [];
    },
    fired: () => [...record],
    strike: (target) => {
      const rules = chooseRules(armed, target, settings.now());
      for (const { kind } of rules) record.push({ kind, operation: target.operation, at: settings.now() });
      return strikeOf(rules, settings.wait);
    },
  };
}

function arm(rule: FaultRule, chance: Chance): ArmedRule {
  const usualCount = isGradual(rule.kind) || rule.lasts !== undefined ? Number.POSITIVE_INFINITY : 1;
  return { rule, chance, toSkip: rule.after ?? 0, left: rule.count ?? usualCount };
}

/** Slowness adds to anything; of the others only one can happen to a request. */
function isGradual(kind: FaultKind): boolean {
  return kind === "latency" || kind === "bandwidth";
}

function chooseRules(armed: readonly ArmedRule[], target: FaultTarget, now: Date): readonly FaultRule[] {
  const chosen: FaultRule[] = [];
  for (const candidate of armed) {
    const { rule, since = now } = candidate;
    if (now.getTime() - since.getTime() >= (rule.lasts ?? Number.POSITIVE_INFINITY)) continue;
    const taken = !isGradual(rule.kind) && chosen.some(({ kind }) => !isGradual(kind));
    if (taken || candidate.left <= 0 || !matches(rule, target)) continue;
    if (candidate.toSkip > 0) {
      candidate.toSkip -= 1;
      continue;
    }
    if (candidate.chance() >= (rule.probability ?? 1)) continue;
    candidate.left -= 1;
    candidate.since = since;
    chosen.push(rule);
  }
  return chosen;
}

function matches(rule: FaultRule, { operation, partNumber }: FaultTarget): boolean {
  const wanted = rule.operation ?? "*";
  // the presign endpoint is no S3 operation: it is hit only when it is named
  const named = wanted === "*" ? operation !== "Presign" : wanted === operation;
  return named && (rule.parts === undefined || (partNumber !== undefined && rule.parts.includes(partNumber)));
}

const untouched: Strike = {
  begin: async () => ({ kind: "proceed" }),
  body: (request) => request,
  alter: (answer) => answer,
  cut: async () => false,
};

function strikeOf(rules: readonly FaultRule[], wait: FaultSettings["wait"]): Strike {
  if (rules.length === 0) return untouched;
  const latency = rules.reduce((sum, { milliseconds = 0, kind }) => sum + (kind === "latency" ? milliseconds : 0), 0);
  const rates = rules.flatMap(({ kind, bytesPerSecond }) => (kind === "bandwidth" ? [bytesPerSecond ?? 1] : []));
  const bytesPerSecond = rates.length === 0 ? undefined : Math.min(...rates);
  const decisive = rules.find(({ kind }) => !isGradual(kind));

  return {
    begin: async (request, response) => {
      if (latency > 0 && !(await waited(latency, response, wait))) return { kind: "gone" };
      return begin(decisive, request);
    },
    body: (request) => {
      const breaks = decisive?.kind === "reset-after" || decisive?.kind === "stall" ? decisive : undefined;
      if (breaks === undefined && bytesPerSecond === undefined) return request;
      const body = FaultedBody.around(request, { breaks, bytesPerSecond, wait, reset: () => reset(request) });
      endWithConnection(body, request);
      return body;
    },
    alter: (answer) => {
      const altered = decisive?.kind === "wrong-etag" ? withOtherEtag(answer) : answer;
      if (bytesPerSecond === undefined || !(altered.body instanceof Readable)) return altered;
      const limits = { breaks: undefined, bytesPerSecond, wait, reset: () => undefined };
      return { ...altered, body: FaultedBody.around(altered.body, limits) };
    },
    cut: async (response, answer) => {
      if (decisive === undefined || !isCutting(decisive.kind)) return false;
      await cutAnswer(response, answer, decisive.kind);
      return true;
    },
  };
}

/** A client may have sent everything before it leaves; then only the socket tells that a stalled body has no reader. */
function endWithConnection(body: Readable, { socket }: IncomingMessage): void {
  const leave = () => body.destroy(new Error("The connection closed within the body."));
  socket.once("close", leave);
  body.once("close", () => socket.off("close", leave));
}

/** False when the client left meanwhile. */
async function waited(milliseconds: number, response: ServerResponse, wait: FaultSettings["wait"]): Promise<boolean> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  response.once("close", leave);
  try {
    await wait(milliseconds, gone.signal);
    return true;
  } catch (error) {
    if (gone.signal.aborted) return false;
    throw error;
  } finally {
    response.off("close", leave);
  }
}

function begin(decisive: FaultRule | undefined, request: IncomingMessage): Beginning {
  if (decisive === undefined) return { kind: "proceed" };
  const breaksBody = decisive.kind === "reset-after" || decisive.kind === "stall";
  if (decisive.kind === "reset-before" || (decisive.kind === "reset-after" && !hasBody(request))) {
    reset(request);
    return { kind: "gone" };
  }
  if (breaksBody) return hasBody(request) ? { kind: "proceed" } : { kind: "gone" };
  return errorOfFault(decisive, request) ?? { kind: "proceed" };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** A TCP reset, which a client sees as ECONNRESET, and not an orderly end. */
function reset(request: IncomingMessage): void {
  request.socket.resetAndDestroy();
}
