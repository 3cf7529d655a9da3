/** One HTTP exchange with nothing added, followed or repaired: what a probe wrote is what the server gets. */
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";

export interface Exchange {
  readonly method: string;
  /** Path and query as they stand in the request line. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const timeoutMs = 20_000;

export function exchange(endpoint: string, { method, target, headers, body }: Exchange): Promise<Answer> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined;
    // A connection of its own each time: servers close after an early refusal, and a reused socket would fail by chance.
    const options = { hostname, port, method, path: target, headers, agent: false, setHost: false } as const;
    const request = httpRequest(options, (response) => {
      answer = response;
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    request.setTimeout(timeoutMs, () => request.destroy(new Error(`No answer to ${method} within ${timeoutMs} ms.`)));
    request.on("error", (error) => {
      // RGW sends a body after a 204. What follows a whole answer changes nothing about it.
      if (answer?.complete !== true) reject(error);
    });
    request.end(body);
  });
}

/** `404 NoSuchKey`, or the status alone: the form in which probes state what they expect. */
export function lineOf({ status, body }: Answer): string {
  const code = xmlText(body, "Code");
  return code === undefined ? String(status) : `${status} ${code}`;
}

/** The text of the first element of that name; enough for the flat documents that S3 answers with. */
export function xmlText(document: Buffer | string, name: string): string | undefined {
  return xmlTexts(document, name)[0];
}

export function xmlTexts(document: Buffer | string, name: string): readonly string[] {
  const pattern = new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`, "g");
  return [...document.toString().matchAll(pattern)].map(([, text = ""]) => unescapeXml(text));
}

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(#x?)?(\w+);/g, (entity, sign: string | undefined, name: string) => {
    if (sign === undefined) return named[name] ?? entity;
    return String.fromCodePoint(Number.parseInt(name, sign === "#x" ? 16 : 10));
  });
}
