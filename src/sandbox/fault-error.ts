/** What is answered instead of the operation: S3's errors, and a proxy's page. */
import type { IncomingMessage } from "node:http";
import type { FaultKind, FaultRule } from "./fault-rule.ts";
import type { Beginning } from "./faults.ts";

const internalError = { code: "InternalError", message: "We encountered an internal error. Please try again." };

const errors: Partial<Record<FaultKind, Beginning>> = {
  "status-500": { kind: "error", status: 500, ...internalError },
  "slow-down": { kind: "error", status: 503, code: "SlowDown", message: "Please reduce your request rate." },
  expired: { kind: "error", status: 403, code: "AccessDenied", message: "Request has expired" },
  "expired-token": {
    kind: "error",
    status: 400,
    code: "ExpiredToken",
    message: "The provided token has expired.",
  },
  skewed: {
    kind: "error",
    status: 403,
    code: "RequestTimeTooSkewed",
    message: "The difference between the request time and the current time is too large.",
  },
  "error-in-200": { kind: "error", status: 200, ...internalError },
  html: {
    kind: "page",
    status: 502,
    contentType: "text/html",
    body: "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n",
  },
};

/** Undefined for a fault that lets the operation begin. */
export function errorOfFault({ kind, region = "" }: FaultRule, { headers, url = "/" }: IncomingMessage) {
  const host = headers.host ?? "";
  if (kind === "moved") return moved(301, region, host, {});
  if (kind === "moved-for-now") return moved(307, undefined, host, { location: `http://${host}${url}` });
  return errors[kind];
}

/** S3 names the region in a header and the address in the document, but only of a move that lasts. */
function moved(
  status: 301 | 307,
  region: string | undefined,
  host: string,
  headers: Readonly<Record<string, string>>,
): Beginning {
  const lasting = status === 301;
  return {
    kind: "error",
    status,
    code: lasting ? "PermanentRedirect" : "TemporaryRedirect",
    message: lasting
      ? "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint."
      : "Please re-send this request to the specified temporary endpoint. Continue to use the original request endpoint for future requests.",
    details: { Endpoint: host },
    headers: { ...headers, ...(region === undefined ? {} : { "x-amz-bucket-region": region }) },
  };
}
