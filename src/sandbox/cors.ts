/**
 * Cross-origin requests as S3 answers them: the first rule that matches decides, and only what a rule allows gets
 * headers. Source: "Using cross-origin resource sharing" (S3 User Guide) and "OPTIONS object" (S3 API reference); the
 * sentences of the refusals are those S3 is seen to answer with. That errors carry the headers too is documented
 * nowhere: S3 sends them, because the rules are applied to the request and not to its outcome.
 */
import type { S3Answer } from "./context.ts";
import { s3Error } from "./s3-error.ts";
import type { CorsRule } from "./settings/cors-rules.ts";

type Headers = Readonly<Record<string, string | undefined>>;

const vary = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";
const knownMethods = ["GET", "PUT", "HEAD", "POST", "DELETE"];

/**
 * The answer to an OPTIONS request.
 * @param rules undefined when the bucket has no CORS configuration
 * @param headers lower-case names
 * @throws S3Error BadRequest, AccessForbidden
 */
export function answerPreflight(
  rules: readonly CorsRule[] | undefined,
  headers: Headers,
  resource: "BUCKET" | "OBJECT",
): S3Answer {
  const origin = headers.origin;
  if (origin === undefined) {
    throw s3Error("BadRequest", {}, { message: "Insufficient information. Origin request header needed." });
  }
  const method = headers["access-control-request-method"];
  if (method === undefined || !knownMethods.includes(method)) {
    throw s3Error("BadRequest", {}, { message: `Invalid Access-Control-Request-Method: ${method ?? "null"}` });
  }
  const asked = headerNames(headers["access-control-request-headers"]);
  const details = { Method: method, ResourceType: resource };
  if (rules === undefined) {
    throw s3Error("AccessForbidden", details, { message: "CORSResponse: CORS is not enabled for this bucket." });
  }
  const rule = rules.find((rule) => allows(rule, origin, method) && asked.every((name) => allowsHeader(rule, name)));
  if (rule === undefined) throw s3Error("AccessForbidden", details, { message: refusal });
  const allowHeaders = asked.length === 0 ? {} : { "access-control-allow-headers": asked.join(", ") };
  return { status: 200, headers: { ...grant(rule, origin), ...allowHeaders } };
}

/** Headers for the answer, success or error, to a request that is no preflight; none when it is not allowed. */
export function corsHeaders(
  rules: readonly CorsRule[] | undefined,
  headers: Headers,
  method: string,
): Readonly<Record<string, string>> {
  const { origin } = headers;
  if (origin === undefined) return {};
  const rule = rules?.find((rule) => allows(rule, origin, method));
  return rule === undefined ? {} : grant(rule, origin);
}

const refusal =
  "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.";

function allows(rule: CorsRule, origin: string, method: string): boolean {
  return rule.allowedMethods.includes(method) && rule.allowedOrigins.some((pattern) => fits(pattern, origin));
}

function allowsHeader(rule: CorsRule, name: string): boolean {
  return rule.allowedHeaders.some((pattern) => fits(pattern.toLowerCase(), name));
}

/** A pattern has at most one `*`, which stands for any characters, also none. */
function fits(pattern: string, text: string): boolean {
  const star = pattern.indexOf("*");
  if (star < 0) return pattern === text;
  const start = pattern.slice(0, star);
  const end = pattern.slice(star + 1);
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}

function grant(rule: CorsRule, origin: string): Readonly<Record<string, string>> {
  // the pattern that matched first speaks: with `*` any site may read, but none with its user's cookies
  const anyone = rule.allowedOrigins.find((pattern) => fits(pattern, origin)) === "*";
  return {
    "access-control-allow-origin": anyone ? "*" : origin,
    "access-control-allow-methods": rule.allowedMethods.join(", "),
    ...(rule.exposeHeaders.length === 0 ? {} : { "access-control-expose-headers": rule.exposeHeaders.join(", ") }),
    ...(rule.maxAgeSeconds === undefined ? {} : { "access-control-max-age": String(rule.maxAgeSeconds) }),
    ...(anyone ? {} : { "access-control-allow-credentials": "true" }),
    vary,
  };
}

function headerNames(list: string | undefined): readonly string[] {
  const names = (list ?? "").split(",").map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== "");
}
