import { equalInConstantTime } from "./access-key.ts";
import type { AccessKey } from "./caller.ts";
import { canonicalRequest, hashOfCanonicalRequest } from "./canonical-request.ts";
import type { Credential } from "./credential.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { type S3Error, type S3ErrorDetails, s3Error } from "./s3-error.ts";
import { scopeText, sign, signingKey } from "./signing-key.ts";

/** What a client says about its own signature, wherever in the request it said so. */
export interface SignatureClaim {
  readonly credential: Credential;
  /** `20130524T000000Z` */
  readonly timestamp: string;
  /** Lower-case names. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** Last line of the canonical request. */
  readonly payloadHash: string;
}

/** What later signatures of the same request are chained to. */
export interface CheckedSignature {
  readonly signingKey: Uint8Array;
  readonly canonicalRequest: string;
}

/** @throws S3Error AccessDenied for a header that had to be signed, SignatureDoesNotMatch */
export function checkSignature(request: ReceivedRequest, claim: SignatureClaim, key: AccessKey): CheckedSignature {
  refuseUnsignedHeaders(request, claim.signedHeaders);
  const canonical = canonicalRequest(request, claim);
  const stringToSign = [
    "AWS4-HMAC-SHA256",
    claim.timestamp,
    scopeText(claim.credential.scope),
    hashOfCanonicalRequest(canonical),
  ].join("\n");
  const derivedKey = signingKey(key.secretAccessKey, claim.credential.scope);
  const absent = claim.signedHeaders.some((name) => request.headers[name] === undefined);
  if (absent || !equalInConstantTime(sign(derivedKey, stringToSign), claim.signature)) {
    throw signatureDoesNotMatch({
      accessKeyId: claim.credential.accessKeyId,
      stringToSign,
      signature: claim.signature,
      canonicalRequest: canonical,
    });
  }
  return { signingKey: derivedKey, canonicalRequest: canonical };
}

export interface Mismatch {
  readonly accessKeyId: string;
  readonly stringToSign: string;
  /** As the client sent it. */
  readonly signature: string;
  /** Absent for a form, which is not signed by way of one. */
  readonly canonicalRequest?: string;
}

/** With all that S3 reveals of its own calculation, so that a client can find the line in which it differs. */
export function signatureDoesNotMatch(mismatch: Mismatch): S3Error {
  const canonical = mismatch.canonicalRequest;
  const details: S3ErrorDetails = {
    AWSAccessKeyId: mismatch.accessKeyId,
    StringToSign: mismatch.stringToSign,
    SignatureProvided: mismatch.signature,
    StringToSignBytes: spacedHex(Buffer.from(mismatch.stringToSign)),
  };
  if (canonical === undefined) return s3Error("SignatureDoesNotMatch", details);
  const bytes = Buffer.from(canonical, "latin1");
  return s3Error("SignatureDoesNotMatch", {
    ...details,
    CanonicalRequest: bytes.toString(),
    CanonicalRequestBytes: spacedHex(bytes),
  });
}

/** Host and everything that S3 acts on must be under the signature; else whoever holds a URL could add to it. */
function refuseUnsignedHeaders(request: ReceivedRequest, signedHeaders: readonly string[]): void {
  const unsigned = Object.keys(request.headers)
    .filter((name) => name === "host" || name.startsWith("x-amz-"))
    .filter((name) => !signedHeaders.includes(name));
  if (unsigned.length === 0) return;
  throw s3Error(
    "AccessDenied",
    { HeadersNotSigned: unsigned.toSorted().join(", ") },
    { message: "There were headers present in the request which were not signed" },
  );
}

function spacedHex(bytes: Buffer): string {
  return bytes.toString("hex").replace(/..(?=.)/g, "$& ");
}
