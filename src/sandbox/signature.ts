import type { AuthenticationContext, Caller } from "./caller.ts";
import { payloadOfAnonymous } from "./payload.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { s3Error } from "./s3-error.ts";
import { authenticateHeader, unsupportedMechanism } from "./signature-header.ts";
import { authenticateQuery, hasQuerySignature } from "./signature-query.ts";

export type { AccessKey, AuthenticationContext, Caller, ChunkChain, Payload } from "./caller.ts";

/**
 * Who sends this request. Whether they may is another question, and so is whether the body is the one that was signed.
 * @throws S3Error when the request is not what its signer signed, or not any more, or not yet
 */
export function authenticate(request: ReceivedRequest, context: AuthenticationContext): Caller {
  const authorization = request.headers.authorization;
  const inQuery = hasQuerySignature(request);
  const versionTwo = request.query.has("AWSAccessKeyId") || request.query.has("Signature");
  if (authorization !== undefined && (inQuery || versionTwo)) {
    throw s3Error(
      "InvalidArgument",
      { ArgumentName: "Authorization" },
      {
        message:
          "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
      },
    );
  }
  if (authorization !== undefined) return authenticateHeader(request, authorization, context);
  if (inQuery) return authenticateQuery(request, context);
  if (versionTwo) throw unsupportedMechanism();
  return { kind: "anonymous", payload: payloadOfAnonymous(request) };
}
