import { createHandler } from "../../src/backend/handler.ts";
import type { HttpAnswer, HttpEvent } from "../../src/backend/http-event.ts";
import type { LogEntry } from "../../src/backend/ports.ts";
import { type BackendSettings, backendSettings, type Environment } from "../../src/backend/settings.ts";
import { type FakeMultipart, fakeMultipart } from "./fake-multipart.ts";
import { fakeSigner } from "./fake-signer.ts";

export const NOON = new Date("2026-03-01T12:00:00.000Z");
export const SECRET = "0123456789abcdef0123456789abcdef";

export function aBackendSettings(env: Environment = {}): BackendSettings {
  return backendSettings({ BUCKET: "drop", AUTH: "none", TOKEN_SECRET: SECRET, ...env });
}

export interface TestBackend {
  /** Sends a JSON body, or bytes as they are. */
  post(path: string, body: unknown, event?: Partial<HttpEvent>): Promise<Answered>;
  get(path: string, event?: Partial<HttpEvent>): Promise<Answered>;
  send(event: Partial<HttpEvent>): Promise<Answered>;
  readonly multipart: FakeMultipart;
  readonly log: readonly LogEntry[];
  /** The clock that the handler sees. */
  now: Date;
  /** The signal that `deadline` hands out. */
  deadline: AbortController;
}

export interface Answered extends HttpAnswer {
  // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the test expects of it.
  readonly json: any;
}

/** The handler on fakes, with the clock at noon and ids that count. */
export function aBackend(env: Environment = {}, credentialLife?: number): TestBackend {
  const log: LogEntry[] = [];
  let ids = 0;
  const multipart = fakeMultipart(() => backend.now);
  const handle = createHandler(aBackendSettings(env), {
    signer: fakeSigner(credentialLife === undefined ? {} : { credentialLife }),
    multipart,
    now: () => backend.now,
    newId: () => `id-${++ids}`,
    deadline: () => backend.deadline.signal,
    log: (entry) => void log.push(entry),
  });
  const send = async (event: Partial<HttpEvent>): Promise<Answered> => {
    const answer = await handle({
      method: "POST",
      path: "/presign",
      headers: {},
      body: bytes(""),
      requestId: "r-1",
      ...event,
    });
    return { ...answer, json: answer.body === "" ? undefined : JSON.parse(answer.body) };
  };
  const backend: TestBackend = {
    send,
    post: (path, body, event) => send({ path, body: bytes(body), ...event }),
    get: (path, event) => send({ method: "GET", path, ...event }),
    multipart,
    log,
    now: NOON,
    deadline: new AbortController(),
  };
  return backend;
}

function bytes(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
}
