import type { SignedRequest } from "../../src/protocol/messages.ts";
import type { PartSender, SendOptions, SentAnswer } from "../../src/upload/transport.ts";

export interface Asked {
  readonly method: SignedRequest["method"];
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly options: SendOptions;
}

export interface ScriptedSender extends PartSender {
  readonly asked: readonly Asked[];
}

export type Script = SentAnswer | Error | ((asked: Asked) => SentAnswer | Error | Promise<SentAnswer>);

/** Answers in the given order; the last one again and again. */
export function scriptedSender(...script: readonly Script[]): ScriptedSender {
  const asked: Asked[] = [];
  return {
    asked,
    close: () => {},
    async send({ method, url, headers }, body, options) {
      options.signal.throwIfAborted();
      const chunks: Uint8Array[] = [];
      for await (const block of body ?? []) chunks.push(Uint8Array.from(block));
      const request = { method, url, headers, body: Buffer.concat(chunks).toString(), options };
      asked.push(request);
      const step = script[Math.min(asked.length, script.length) - 1];
      const answer = typeof step === "function" ? await step(request) : step;
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error("no script");
      return answer;
    },
  };
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): SentAnswer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}
