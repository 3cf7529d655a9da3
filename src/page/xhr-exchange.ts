/** One request with XMLHttpRequest: `fetch` does not tell how much of a body has left. */
import { HIDDEN_ETAG, SendFailure, type SentAnswer } from "../upload/transport.ts";
import type { Exchange } from "./browser-sender.ts";

export interface XhrOptions {
  /** True where a server answers at this address, whoever may read what. */
  readonly reaches: (url: string) => Promise<boolean>;
  /** A request without progress for so long is dead. */
  readonly stallTimeoutMs: number;
}

export function createXhrExchange({ reaches, stallTimeoutMs }: XhrOptions): Exchange {
  return (request, body, options) =>
    new Promise<SentAnswer>((resolve, reject) => {
      const { signal, contentLength, onSent = () => {}, answerTimeoutMs = 2 * stallTimeoutMs } = options;
      if (signal.aborted) return reject(signal.reason);
      const xhr = new XMLHttpRequest();
      let sent = 0;
      let timer: ReturnType<typeof setTimeout>;

      function end(settle: () => void): void {
        clearTimeout(timer);
        signal.removeEventListener("abort", abort);
        settle();
      }
      function abort(): void {
        xhr.abort();
        end(() => reject(signal.reason));
      }
      function watch(milliseconds: number): void {
        clearTimeout(timer);
        timer = setTimeout(() => {
          xhr.abort();
          end(() => reject(new SendFailure("stalled", "no progress")));
        }, milliseconds);
      }
      function count(loaded: number): void {
        if (loaded > sent) onSent(loaded - sent);
        sent = Math.max(sent, loaded);
      }

      xhr.upload.onprogress = ({ loaded }) => {
        count(Math.min(loaded, contentLength));
        watch(stallTimeoutMs);
      };
      xhr.upload.onload = () => watch(answerTimeoutMs);
      xhr.onload = () => {
        const answer = answerOf(xhr, request.url, options.keptAnswer);
        if (answer.status < 300) count(contentLength);
        end(() => resolve(answer));
      };
      xhr.onerror = () => {
        const began = sent > 0;
        end(() => void failureOf(request.url, began, reaches).then(reject));
      };

      signal.addEventListener("abort", abort, { once: true });
      xhr.open(request.method, request.url);
      for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value);
      watch(contentLength > 0 ? stallTimeoutMs : answerTimeoutMs);
      xhr.send(body ?? null);
    });
}

/** Bytes of an answer's body that are kept. */
const usuallyKept = 64 * 1024;

function answerOf(xhr: XMLHttpRequest, url: string, kept = usuallyKept): SentAnswer {
  const headers = readHeaders(xhr.getAllResponseHeaders());
  const hidden = xhr.status < 300 && headers.etag === undefined && new URL(url).origin !== location.origin;
  return {
    status: xhr.status,
    headers: hidden ? { ...headers, etag: HIDDEN_ETAG } : headers,
    body: xhr.responseText.slice(0, kept),
  };
}

export function readHeaders(lines: string): Readonly<Record<string, string>> {
  const entries = lines.split(/\r?\n/).flatMap((line) => {
    const colon = line.indexOf(":");
    return colon > 0 ? [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** A browser says of no failure what it was. With bytes on their way the preflight had passed; so it was not CORS. */
async function failureOf(url: string, began: boolean, reaches: XhrOptions["reaches"]): Promise<SendFailure> {
  if (began) return new SendFailure("reset", "the connection ended");
  return (await reaches(url))
    ? new SendFailure("cors", "the browser kept the answer to itself")
    : new SendFailure("connect", "no connection");
}

/** Asks a server for anything and looks at nothing: a browser tells then only whether there was an answer. */
export async function reaches(url: string): Promise<boolean> {
  if (!navigator.onLine) return false;
  try {
    await fetch(new URL("/", url), { mode: "no-cors", credentials: "omit", cache: "no-store", signal: timeout() });
    return true;
  } catch {
    return false;
  }
}

function timeout(): AbortSignal {
  return AbortSignal.timeout(5_000);
}
