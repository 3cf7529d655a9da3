/** Signature Version 4 in the query: presigned URLs. */
import { resolveAccessKey } from "./access-key.ts";
import type { AuthenticationContext, Caller } from "./caller.ts";
import { faultOfCredential, malformedCredential, parseCredential } from "./credential.ts";
import { payloadOfSignedQuery } from "./payload.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { type S3Error, type S3ErrorDetails, s3Error } from "./s3-error.ts";
import { checkSignature } from "./signature-check.ts";
import { MAX_SKEW_MILLISECONDS, parseCompactTime, timeForPeople } from "./signature-time.ts";

const MAX_EXPIRES_SECONDS = 7 * 24 * 60 * 60;

const required = [
  "X-Amz-Algorithm",
  "X-Amz-Credential",
  "X-Amz-Signature",
  "X-Amz-Date",
  "X-Amz-SignedHeaders",
  "X-Amz-Expires",
] as const;
type QueryMember = (typeof required)[number];

/** @throws S3Error */
export function authenticateQuery(request: ReceivedRequest, context: AuthenticationContext): Caller {
  const members = readMembers(request);
  const algorithm = members["X-Amz-Algorithm"];
  if (algorithm === "AWS4-ECDSA-P256-SHA256") throw s3Error("NotImplemented", { Parameter: "X-Amz-Algorithm" });
  if (algorithm !== "AWS4-HMAC-SHA256") {
    throw queryError('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"');
  }
  const credential = parseCredential(members["X-Amz-Credential"]);
  if (credential === undefined) throw credentialError(malformedCredential.reason);
  const timestamp = members["X-Amz-Date"];
  const signedAt = parseCompactTime(timestamp);
  if (signedAt === undefined) {
    throw queryError(`X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`);
  }
  const expiresInSeconds = parseExpires(members["X-Amz-Expires"]);
  const fault = faultOfCredential(credential, context.region, timestamp);
  if (fault !== undefined) throw credentialError(fault.reason, fault.details);
  refuseOutsideItsLife(signedAt, expiresInSeconds, context.now);
  const key = resolveAccessKey(credential.accessKeyId, sessionToken(request), context);
  const signedHeaders = members["X-Amz-SignedHeaders"].toLowerCase().split(";");
  const { claimed, payload } = payloadOfSignedQuery(request);
  checkSignature(
    request,
    { credential, timestamp, signedHeaders, signature: members["X-Amz-Signature"], payloadHash: claimed },
    key,
  );
  return { kind: "signed", via: "query", key, payload, signedAt, signedHeaders };
}

/** True when the query carries any part of such a signature. */
export function hasQuerySignature(request: ReceivedRequest): boolean {
  return ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature"].some((name) => request.query.has(name));
}

function readMembers(request: ReceivedRequest): Readonly<Record<QueryMember, string>> {
  const values = required.map((name) => request.queryMembers.filter(([member]) => member === name));
  if (values.some((found) => found.length !== 1 || found[0]?.[1] === "")) {
    throw queryError(
      "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
    );
  }
  return Object.fromEntries(values.map((found) => found[0] ?? ["", ""])) as Record<QueryMember, string>;
}

function parseExpires(text: string): number {
  if (!/^-?\d{1,18}$/.test(text)) throw queryError("X-Amz-Expires should be a number");
  const seconds = Number(text);
  if (seconds < 0) throw queryError("X-Amz-Expires must be non-negative");
  if (seconds > MAX_EXPIRES_SECONDS) {
    throw queryError(
      `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${MAX_EXPIRES_SECONDS} seconds`,
    );
  }
  return seconds;
}

function refuseOutsideItsLife(signedAt: Date, expiresInSeconds: number, now: Date): void {
  const expires = new Date(signedAt.getTime() + expiresInSeconds * 1000);
  const details = {
    "X-Amz-Expires": `${expiresInSeconds}`,
    Expires: timeForPeople(expires),
    ServerTime: timeForPeople(now),
  };
  if (now.getTime() > expires.getTime()) throw s3Error("AccessDenied", details, { message: "Request has expired" });
  if (signedAt.getTime() - now.getTime() > MAX_SKEW_MILLISECONDS) {
    throw s3Error("AccessDenied", details, { message: "Request is not valid yet" });
  }
}

function sessionToken(request: ReceivedRequest): string | undefined {
  return request.query.get("X-Amz-Security-Token") ?? request.headers["x-amz-security-token"];
}

function queryError(message: string, details: S3ErrorDetails = {}): S3Error {
  return s3Error("AuthorizationQueryParametersError", details, { message });
}

function credentialError(reason: string, details: S3ErrorDetails = {}): S3Error {
  return queryError(`Error parsing the X-Amz-Credential parameter; ${reason}`, details);
}
