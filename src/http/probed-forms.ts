/** Finds out how a presign endpoint is spoken to: in which form, for which type of file, and as whom. */
import type { EndpointFacts, ProbeAnswer } from "../audit/endpoint-facts.ts";
import type { Capabilities } from "../protocol/messages.ts";
import { SendFailure } from "../upload/transport.ts";
import { endpointError, endpointUnreachable, unreadableAnswer } from "./endpoint-errors.ts";
import { articleBody, type PlainRequest, plainRequests, version1Body } from "./probe-bodies.ts";
import type { Asked, Asker, Authorize } from "./probe-request.ts";
import type { ProbedUpload } from "./probed-upload.ts";

/** What the endpoint was found to speak, and how it is asked from then on. */
export interface Spoken {
  readonly anonymous: ProbeAnswer;
  readonly forms: EndpointFacts["forms"];
  /** For the plain request, v1 first; empty where the endpoint wants a sign-in and nobody signs in. */
  readonly answers: readonly ProbedUpload[];
  readonly request: PlainRequest;
  readonly said: Capabilities | undefined;
  readonly authorize: Authorize | undefined;
}

export interface Manner {
  /** What the endpoint says of itself, where it does. */
  readonly said: Capabilities | undefined;
  readonly authorize: Authorize | undefined;
  /** Host and port of the endpoint, for errors. */
  readonly host: string;
}

/** @throws S3upError where nothing signs what any client may ask for */
export async function findForms(asker: Asker, { said, authorize, host }: Manner): Promise<Spoken> {
  const nobody = await askPlain(asker, said, undefined);
  const anonymous = anonymousAnswer(nobody.asked);
  const signsIn = anonymous !== "signed" && authorize !== undefined;
  const { asked, request } = signsIn ? await askPlain(asker, said, authorize) : nobody;
  const answers = asked.flatMap(({ upload }) => (upload === undefined ? [] : [upload]));
  if (answers.length === 0 && (signsIn || anonymous !== "refused")) throw errorOf(asked, host);
  return {
    anonymous,
    forms: answers.map(({ facts }) => (facts.asked === "article" ? "article" : "v1")),
    answers,
    request,
    said,
    authorize: signsIn ? authorize : undefined,
  };
}

interface AskedPlain {
  readonly asked: readonly Asked[];
  readonly request: PlainRequest;
}

/** Both forms, with the first content type that either of them signs. */
async function askPlain(
  asker: Asker,
  said: Capabilities | undefined,
  authorize: Authorize | undefined,
): Promise<AskedPlain> {
  const [first, ...others] = plainRequests(said);
  let found = await askForms(asker, first, said, authorize);
  for (const request of others) {
    if (found.asked.some(({ answer, sent }) => answer === "signed" || isSignIn(sent) || !isRefusal(sent))) break;
    found = await askForms(asker, request, said, authorize);
  }
  return found;
}

async function askForms(
  asker: Asker,
  request: PlainRequest,
  said: Capabilities | undefined,
  authorize: Authorize | undefined,
): Promise<AskedPlain> {
  const version1 = await asker.post(version1Body(request, said), "v1", authorize);
  const article = await asker.post(articleBody(request), "article", authorize);
  return { asked: [version1, article], request };
}

function anonymousAnswer(asked: readonly Asked[]): ProbeAnswer {
  if (asked.some(({ answer }) => answer === "signed")) return "signed";
  return asked.some(({ sent }) => isSignIn(sent)) ? "refused" : "unclear";
}

function isSignIn(sent: Asked["sent"]): boolean {
  return !(sent instanceof SendFailure) && (sent.status === 401 || sent.status === 403);
}

/** Of this request, where another type of file might do better. */
function isRefusal(sent: Asked["sent"]): boolean {
  return !(sent instanceof SendFailure) && sent.status >= 400 && ![404, 405, 429].includes(sent.status);
}

function errorOf(asked: readonly Asked[], host: string): Error {
  for (const { sent } of asked) {
    if (sent instanceof SendFailure) continue;
    if (sent.status >= 400) return endpointError(sent, host);
    return unreadableAnswer(sent, host, "It holds no signed address.");
  }
  const [failure = new SendFailure("reset", "no answer")] = asked.flatMap(({ sent }) =>
    sent instanceof SendFailure ? [sent] : [],
  );
  return endpointUnreachable(failure, host);
}
