/** What `x-amz-content-sha256` says about the body. Source: the same-named section of "Authenticating Requests". */
import type { Payload } from "./caller.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { s3Error } from "./s3-error.ts";

/** The payload as it stands in the header, still without what a chain of chunk signatures begins with. */
export type ClaimedPayload =
  | Exclude<Payload, { readonly kind: "signed-chunks" }>
  | { readonly kind: "signed-chunks"; readonly trailer: boolean };

const literals: Readonly<Record<string, ClaimedPayload>> = {
  "UNSIGNED-PAYLOAD": { kind: "unsigned" },
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER": { kind: "unsigned-chunks" },
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD": { kind: "signed-chunks", trailer: false },
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER": { kind: "signed-chunks", trailer: true },
};

/** For a signature in the header, which always covers the body in one way or another. @throws S3Error */
export function payloadOfSignedHeader(request: ReceivedRequest): { claimed: string; payload: ClaimedPayload } {
  const claimed = request.headers["x-amz-content-sha256"];
  if (claimed === undefined) {
    throw s3Error("InvalidRequest", {}, { message: "Missing required header for this request: x-amz-content-sha256" });
  }
  if (claimed.startsWith("STREAMING-AWS4-ECDSA-")) {
    throw s3Error("NotImplemented", { Header: "x-amz-content-sha256" });
  }
  const payload = Object.hasOwn(literals, claimed) ? literals[claimed] : undefined;
  if (payload !== undefined) return { claimed, payload };
  if (/^[0-9a-f]{64}$/i.test(claimed)) return { claimed, payload: { kind: "sha256", claimed } };
  throw s3Error(
    "InvalidArgument",
    { ArgumentName: "x-amz-content-sha256", ArgumentValue: claimed },
    { message: `x-amz-content-sha256 must be ${Object.keys(literals).join(", ")} or a valid sha256 value.` },
  );
}

/**
 * For a signature in the query, where S3 knows no chunks: any value but `UNSIGNED-PAYLOAD` is taken for a hash, which
 * a literal then simply does not match.
 */
export function payloadOfSignedQuery(request: ReceivedRequest): { claimed: string; payload: Payload } {
  const claimed =
    request.headers["x-amz-content-sha256"] ?? request.query.get("X-Amz-Content-Sha256") ?? "UNSIGNED-PAYLOAD";
  return { claimed, payload: claimed === "UNSIGNED-PAYLOAD" ? { kind: "unsigned" } : { kind: "sha256", claimed } };
}

/** Of a request that nobody signed; its chunks cannot be signed either. */
export function payloadOfAnonymous(request: ReceivedRequest): Payload {
  const claimed = request.headers["x-amz-content-sha256"];
  if (claimed === undefined || claimed === "UNSIGNED-PAYLOAD") return { kind: "unsigned" };
  return claimed === "STREAMING-UNSIGNED-PAYLOAD-TRAILER" ? { kind: "unsigned-chunks" } : { kind: "sha256", claimed };
}
