/** Signature Version 4 in the Authorization header. */
import { resolveAccessKey } from "./access-key.ts";
import type { AuthenticationContext, Caller, Payload } from "./caller.ts";
import { faultOfCredential, malformedCredential, parseCredential } from "./credential.ts";
import { type ClaimedPayload, payloadOfSignedHeader } from "./payload.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { type S3Error, type S3ErrorDetails, s3Error } from "./s3-error.ts";
import { type CheckedSignature, checkSignature, type SignatureClaim } from "./signature-check.ts";
import { compactTimeOf, MAX_SKEW_MILLISECONDS, parseCompactTime, timeForPeople } from "./signature-time.ts";
import { scopeText } from "./signing-key.ts";

const ALGORITHM = "AWS4-HMAC-SHA256";

/** @throws S3Error */
export function authenticateHeader(
  request: ReceivedRequest,
  authorization: string,
  context: AuthenticationContext,
): Caller {
  const components = parseAuthorization(authorization);
  const { claimed, payload } = payloadOfSignedHeader(request);
  const credential = parseCredential(components.credential);
  if (credential === undefined) throw malformed(malformedCredential.reason);
  const signedAt = signingTime(request);
  const timestamp = compactTimeOf(signedAt);
  const fault = faultOfCredential(credential, context.region, timestamp);
  if (fault !== undefined) throw malformed(fault.reason, fault.details);
  refuseSkew(signedAt, timestamp, context.now);
  const key = resolveAccessKey(credential.accessKeyId, request.headers["x-amz-security-token"], context);
  const claim: SignatureClaim = {
    credential,
    timestamp,
    signedHeaders: components.signedHeaders,
    signature: components.signature,
    payloadHash: claimed,
  };
  const checked = checkSignature(request, claim, key);
  return {
    kind: "signed",
    via: "header",
    key,
    payload: withChain(payload, claim, checked),
    signedAt,
    signedHeaders: components.signedHeaders,
  };
}

interface AuthorizationComponents {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

function parseAuthorization(authorization: string): AuthorizationComponents {
  const [scheme = ""] = authorization.split(" ", 1);
  if (scheme === "AWS") throw unsupportedMechanism();
  if (scheme === "AWS4-ECDSA-P256-SHA256") throw s3Error("NotImplemented", { Header: "Authorization" });
  if (scheme !== ALGORITHM) {
    throw s3Error("InvalidArgument", { ArgumentName: "Authorization" }, { message: "Unsupported Authorization Type" });
  }
  const components = new Map<string, string>();
  for (const component of authorization.slice(scheme.length).split(",")) {
    const equals = component.indexOf("=");
    if (equals > 0) components.set(component.slice(0, equals).trim(), component.slice(equals + 1).trim());
  }
  const credential = components.get("Credential");
  const signedHeaders = components.get("SignedHeaders");
  const signature = components.get("Signature");
  if (!credential || !signedHeaders || !signature) {
    throw malformed("the authorization header requires three components: Credential, SignedHeaders, and Signature.");
  }
  return { credential, signedHeaders: signedHeaders.toLowerCase().split(";"), signature };
}

/** What regions that know only Version 4 say to Version 2. */
export function unsupportedMechanism(): S3Error {
  return s3Error(
    "InvalidRequest",
    {},
    {
      message: `The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.`,
    },
  );
}

/** `x-amz-date`, or without it the Date header. */
function signingTime(request: ReceivedRequest): Date {
  const amzDate = request.headers["x-amz-date"];
  const time = amzDate === undefined ? parseHttpDate(request.headers.date) : parseAmzDate(amzDate);
  if (time === undefined) {
    throw s3Error("AccessDenied", {}, { message: "AWS authentication requires a valid Date or x-amz-date header" });
  }
  return time;
}

function parseAmzDate(text: string): Date | undefined {
  return parseCompactTime(text) ?? parseHttpDate(text);
}

/** `Fri, 24 May 2013 00:00:00 GMT` */
function parseHttpDate(text: string | undefined): Date | undefined {
  if (text === undefined || !/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) {
    return undefined;
  }
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function refuseSkew(signedAt: Date, timestamp: string, now: Date): void {
  if (Math.abs(now.getTime() - signedAt.getTime()) <= MAX_SKEW_MILLISECONDS) return;
  throw s3Error("RequestTimeTooSkewed", {
    RequestTime: timestamp,
    ServerTime: timeForPeople(now),
    MaxAllowedSkewMilliseconds: `${MAX_SKEW_MILLISECONDS}`,
  });
}

function withChain(payload: ClaimedPayload, claim: SignatureClaim, checked: CheckedSignature): Payload {
  if (payload.kind !== "signed-chunks") return payload;
  const { credential, timestamp, signature } = claim;
  return {
    ...payload,
    chain: {
      ...checked,
      accessKeyId: credential.accessKeyId,
      timestamp,
      scope: scopeText(credential.scope),
      seedSignature: signature,
    },
  };
}

function malformed(reason: string, details: S3ErrorDetails = {}): S3Error {
  return s3Error("AuthorizationHeaderMalformed", details, {
    message: `The authorization header is malformed; ${reason}`,
  });
}
