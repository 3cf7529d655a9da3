import { S3Client } from "@aws-sdk/client-s3";
import { type HttpRequest, HttpResponse } from "@smithy/core/protocols";

/** One request as the SDK would have sent it. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Answer =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  | Error;

/** A client whose network is a list of answers, the last one for ever, and what it sent. */
export function clientAnswering(...answers: readonly Answer[]): { client: S3Client; sent: SentRequest[] } {
  return clientTrying(1, answers);
}

export function clientTrying(
  maxAttempts: number,
  answers: readonly Answer[],
): { client: S3Client; sent: SentRequest[] } {
  const sent: SentRequest[] = [];
  const client = new S3Client({
    region: "eu-central-1",
    credentials: { accessKeyId: "AKID", secretAccessKey: "secret" },
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    maxAttempts,
    requestHandler: {
      async handle({ method, path, query, headers, body }: HttpRequest) {
        sent.push({ method, path, query: query as SentRequest["query"], headers, body: String(body ?? "") });
        const answer = answers[Math.min(sent.length, answers.length) - 1];
        if (answer === undefined || answer instanceof Error) throw answer ?? new Error("no answer");
        const text = new TextEncoder().encode(answer.body ?? "");
        return {
          response: new HttpResponse({ statusCode: answer.status, headers: { ...answer.headers }, body: text }),
        };
      },
    },
  });
  return { client, sent };
}

/** An error as S3 writes it. */
export function errorBody(code: string, message = "", more = ""): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`;
}
