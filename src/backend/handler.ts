/** The presign backend: one HTTP event in, one answer out. It is the same in Lambda and in the sandbox. */
import { Refusal } from "../signing/refusal.ts";
import type { Handler, HttpAnswer, HttpEvent } from "./http-event.ts";
import type { BackendPorts, LogEntry } from "./ports.ts";
import { type ProblemAnswer, problemOf } from "./problems.ts";
import { readJson } from "./request-body.ts";
import { abortUpload } from "./routes/abort.ts";
import type { Outcome, Route } from "./routes/call.ts";
import { capabilities } from "./routes/capabilities.ts";
import { completeUpload } from "./routes/complete.ts";
import { listUploadedParts } from "./routes/list.ts";
import { signParts } from "./routes/parts.ts";
import { presign, presignMultipart } from "./routes/presign.ts";
import type { BackendSettings } from "./settings.ts";
import { subjectHash } from "./subject.ts";

interface Endpoint {
  /** Name in the log. */
  readonly operation: string;
  readonly route: Route;
}

/** Path -> method -> what is done. */
const endpoints: ReadonlyMap<string, ReadonlyMap<string, Endpoint>> = asMaps({
  "/presign": {
    GET: { operation: "capabilities", route: capabilities },
    POST: { operation: "presign", route: presign },
  },
  "/presign/multipart": { POST: { operation: "multipart.create", route: presignMultipart } },
  "/presign/multipart/parts": { POST: { operation: "multipart.parts", route: signParts } },
  "/presign/multipart/list": { POST: { operation: "multipart.list", route: listUploadedParts } },
  "/presign/multipart/complete": { POST: { operation: "multipart.complete", route: completeUpload } },
  "/presign/multipart/abort": { POST: { operation: "multipart.abort", route: abortUpload } },
});

/** Answers hold bearer credentials: no cache may keep one. */
const answerHeaders = { "content-type": "application/json", "cache-control": "no-store" };

/** Never rejects: whatever goes wrong is an answer with a status and a request id, and a line in the log. */
export function createHandler(settings: BackendSettings, ports: BackendPorts): Handler {
  return async (event) => {
    const began = ports.now().getTime();
    const found = findEndpoint(event);
    const operation = "endpoint" in found ? found.endpoint.operation : "none";
    const log = (entry: LogEntry) => ports.log({ ...entry, durationMs: ports.now().getTime() - began });
    try {
      if (!("endpoint" in found)) throw found.refusal;
      const outcome = await run(found.endpoint, event, settings, ports);
      log({ level: "info", ...logged(event, operation, outcome.status), ...about(outcome) });
      return answerOf(outcome.status, outcome.body);
    } catch (error) {
      const answer = problemOf(error, event.requestId);
      log(failureEntry(event, operation, answer));
      const allow: HttpAnswer["headers"] = "allow" in found && found.allow !== undefined ? { allow: found.allow } : {};
      return answerOf(answer.status, answer.problem, { ...answer.headers, ...allow });
    }
  };
}

async function run(
  { route }: Endpoint,
  event: HttpEvent,
  settings: BackendSettings,
  ports: BackendPorts,
): Promise<Outcome> {
  const { subject, requestId } = event;
  // What the endpoint can do is no secret, and a client reads from it how it has to sign in.
  if (subject === undefined && settings.auth !== "none" && event.method !== "GET") {
    throw new Refusal("unauthenticated", "This endpoint serves only callers that have signed in.");
  }
  const json = event.method === "GET" ? {} : readJson(event);
  return route({ settings, ports, json, now: ports.now(), subject, subjectHash: subjectHash(subject), requestId });
}

type Found =
  | { readonly endpoint: Endpoint }
  | { readonly refusal: Refusal /** Methods, for a 405. */; readonly allow: string | undefined };

function findEndpoint({ method, path }: HttpEvent): Found {
  const methods = endpoints.get(path.replace(/\/$/, ""));
  if (methods === undefined) {
    return {
      refusal: new Refusal("not_found", "There is nothing at this path; it begins with /presign."),
      allow: undefined,
    };
  }
  const endpoint = methods.get(method);
  if (endpoint !== undefined) return { endpoint };
  return {
    refusal: new Refusal("method_not_allowed", "This path does not take this method."),
    allow: [...methods.keys()].join(", "),
  };
}

/** Maps, because a path such as `constructor` finds something in any object. */
function asMaps(table: Readonly<Record<string, Readonly<Record<string, Endpoint>>>>) {
  return new Map(Object.entries(table).map(([path, methods]) => [path, new Map(Object.entries(methods))]));
}

function answerOf(status: number, body: object | undefined, headers: HttpAnswer["headers"] = {}): HttpAnswer {
  return body === undefined
    ? { status, headers: { "cache-control": "no-store" }, body: "" }
    : { status, headers: { ...answerHeaders, ...headers }, body: JSON.stringify(body) };
}

function logged({ requestId, subject }: HttpEvent, operation: string, status: number) {
  return { operation, status, requestId, ...(subject === undefined ? {} : { subject }) };
}

function about({ about: subject }: Outcome): Pick<LogEntry, "key" | "size"> {
  if (subject === undefined) return {};
  return { key: subject.key, ...(subject.size === undefined ? {} : { size: subject.size }) };
}

function failureEntry(event: HttpEvent, operation: string, { status, problem, unexpected }: ProblemAnswer): LogEntry {
  return {
    level: status >= 500 ? "error" : "warn",
    ...logged(event, operation, status),
    error: problem.error,
    ...(problem.s3Code === undefined ? {} : { s3Code: problem.s3Code }),
    ...(unexpected === undefined ? {} : { unexpected }),
  };
}
