/** What a presign endpoint answered instead of what was asked for, as an error for people. */

import * as v from "valibot";
import { type ErrorCode, S3upError } from "../errors.ts";
import { type Problem, problemSchema } from "../protocol/messages.ts";
import type { ProblemCode } from "../protocol/problem-codes.ts";
import type { SendFailure, SentAnswer } from "../upload/transport.ts";
import { quoteAnswer } from "./answer-text.ts";

interface Meaning {
  readonly error: ErrorCode;
  readonly hint: string;
}

const again = "Run the same command again.";
const signIn = "Sign in: --token, --token-command or S3UP_TOKEN; a token may also have expired.";
const askOwner = "Ask whoever runs the endpoint.";

/** What each problem of the protocol means here. A newer server may know others. */
const meaningOf: Partial<Record<ProblemCode, Meaning>> = {
  unauthenticated: { error: "ACCESS_DENIED", hint: signIn },
  forbidden: { error: "ACCESS_DENIED", hint: askOwner },
  token_subject_mismatch: { error: "ACCESS_DENIED", hint: "Go on with an upload as the user who began it." },
  token_expired: { error: "URL_EXPIRED", hint: `The upload took longer than the endpoint allows. ${again}` },
  not_found: { error: "ENDPOINT_ERROR", hint: "Does the URL end in /presign?" },
  invalid_token: { error: "URL_EXPIRED", hint: `Its keys may have changed. ${again}` },
  upload_not_found: { error: "UPLOAD_NOT_FOUND", hint: `It was completed or aborted meanwhile. ${again}` },
  already_exists: { error: "OBJECT_EXISTS", hint: "The endpoint overwrites nothing; choose another name." },
  upload_completed: { error: "OBJECT_EXISTS", hint: "The upload is already complete." },
  upload_conflict: { error: "PRECONDITION_FAILED", hint: again },
  file_too_large: {
    error: "TOO_LARGE",
    hint: "Ask whoever runs the endpoint for a higher limit, or send a smaller file.",
  },
  request_too_large: { error: "TOO_LARGE", hint: "Use a larger --part-size, so that there are fewer parts." },
  content_type_not_allowed: {
    error: "NOT_ALLOWED",
    hint: "Name the right type with --content-type, or ask whoever runs the endpoint to allow it.",
  },
  invalid_file_name: { error: "USAGE", hint: "Rename the file, or upload a copy of it under another name." },
  size_required: { error: "ENDPOINT_ERROR", hint: "Update s3up: it did not tell the size." },
  invalid_checksum: { error: "CHECKSUM_MISMATCH", hint: again },
  rate_limited: { error: "THROTTLED", hint: "Try again later, or with a lower --concurrency." },
  busy: { error: "THROTTLED", hint: "Try again in a moment." },
};

/** The problem that an endpoint named, as the cause of the error that was made of it. */
class NamedProblem extends Error {
  readonly problem: string;

  constructor(problem: string) {
    super(problem);
    this.name = "NamedProblem";
    this.problem = problem;
  }
}

/** The protocol's word for why the endpoint refused; undefined for any other error. */
export function problemIn(error: unknown): string | undefined {
  const cause = error instanceof S3upError ? error.cause : undefined;
  return cause instanceof NamedProblem ? cause.problem : undefined;
}

export function endpointError(answer: SentAnswer, host: string): S3upError {
  const problem = readProblem(answer);
  if (problem !== undefined) return fromProblem(problem, answer.status, host);
  return fromGateway(answer, host);
}

/** Undefined for an answer that is none of the protocol's. */
export function readProblem(answer: SentAnswer): Problem | undefined {
  const parsed = v.safeParse(problemSchema, readJson(answer.body));
  return parsed.success ? parsed.output : undefined;
}

export function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** An answer that is fine by its status and still cannot be used. */
export function unreadableAnswer(answer: SentAnswer, host: string, what: string): S3upError {
  if (isPage(answer)) return page(answer, host);
  return new S3upError("ENDPOINT_ERROR", `${host} answered in a way that s3up does not understand.`, {
    why: what,
    hint: "Does the URL end in /presign, and is it an endpoint of s3up? An older s3up may not know a newer endpoint.",
  });
}

const failures: Readonly<Record<SendFailure["reason"], { readonly why: string; readonly hint: string }>> = {
  connect: { why: "Nothing answers at this address.", hint: "Check --endpoint, and that the server runs." },
  dns: { why: "Its name could not be resolved.", hint: "Check --endpoint and the network." },
  tls: {
    why: "Its certificate is not trusted, or it does not speak TLS.",
    hint: "Check https:// against http://; name a private authority's certificate in AWS_CA_BUNDLE.",
  },
  reset: { why: "It closed the connection before it answered.", hint: again },
  stalled: { why: "It did not answer in time.", hint: again },
  descriptors: {
    why: "The system gives this process no more file descriptors.",
    hint: "Raise the limit, for instance with `ulimit -n 1024`, or use a lower --concurrency.",
  },
  protocol: { why: "It answered with something that is not HTTP.", hint: "Check --endpoint." },
  cors: {
    why: "It is there, but its CORS settings do not let this page speak to it.",
    hint: "Add this page's origin to the CORS settings of the endpoint.",
  },
};

export function endpointUnreachable(failure: SendFailure, host: string): S3upError {
  return new S3upError("NETWORK", `The endpoint ${host} could not be reached.`, {
    ...failures[failure.reason],
    ...(failure.detail === undefined ? {} : { why: failure.detail }),
    cause: failure,
  });
}

function fromProblem(problem: Problem, status: number, host: string): S3upError {
  const meaning: Meaning = meaningOf[problem.error as ProblemCode] ?? {
    error: status === 401 || status === 403 ? "ACCESS_DENIED" : "ENDPOINT_ERROR",
    hint: status >= 500 ? `${again} ${askOwner}` : askOwner,
  };
  const request = problem.requestId === undefined ? "" : ` (request ${quoteAnswer(problem.requestId)})`;
  return new S3upError(meaning.error, `The endpoint ${host} refused: ${withoutDot(quoteAnswer(problem.message))}.`, {
    why: `It answered ${status} ${quoteAnswer(problem.error)}${request}.`,
    hint: meaning.hint,
    cause: new NamedProblem(problem.error),
  });
}

/** API Gateway, a load balancer or a proxy answered before the endpoint itself could. */
function fromGateway(answer: SentAnswer, host: string): S3upError {
  if (isPage(answer)) return page(answer, host);
  const { status } = answer;
  const said = gatewayMessage(answer.body);
  const details = (hint: string) => ({
    why: said === undefined ? `It said no more than ${status}.` : `It said: ${said}.`,
    hint,
  });

  if (status === 401 || status === 403) {
    return new S3upError("ACCESS_DENIED", `${host} refused the request (${status}).`, details(signIn));
  }
  if (status === 413) return new S3upError("TOO_LARGE", `${host} refused the request as too large.`, details(askOwner));
  if (status === 429 || status === 503) {
    return new S3upError("THROTTLED", `${host} asks for fewer requests (${status}).`, details("Try again later."));
  }
  if (status === 404 || status === 405) {
    return new S3upError(
      "ENDPOINT_ERROR",
      `There is no presign endpoint at this address of ${host} (${status}).`,
      details("Does the URL end in /presign? A stage name such as /prod may belong before it."),
    );
  }
  return new S3upError("ENDPOINT_ERROR", `${host} answered ${status}.`, details(status >= 500 ? again : askOwner));
}

function page({ status }: SentAnswer, host: string): S3upError {
  return new S3upError("ENDPOINT_ERROR", `${host} answered ${status} with a web page instead of JSON.`, {
    why: "Something else than the presign endpoint is at this address, such as a site, a login page or a proxy.",
    hint: "Does the URL end in /presign?",
  });
}

function isPage({ headers, body }: SentAnswer): boolean {
  return (headers["content-type"] ?? "").includes("text/html") || /^\s*<(!doctype html|html)\b/i.test(body);
}

function gatewayMessage(body: string): string | undefined {
  const parsed = v.safeParse(v.object({ message: v.string() }), readJson(body));
  return parsed.success ? withoutDot(quoteAnswer(parsed.output.message)) : undefined;
}

function withoutDot(text: string): string {
  return text.replace(/\.$/, "");
}
