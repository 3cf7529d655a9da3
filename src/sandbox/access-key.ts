import { timingSafeEqual } from "node:crypto";
import type { AccessKey, AuthenticationContext } from "./caller.ts";
import { s3Error } from "./s3-error.ts";

/**
 * The key that a request names, if its session token is right and still good.
 * @param token as sent in `x-amz-security-token`, or undefined
 * @throws S3Error InvalidAccessKeyId, InvalidToken, ExpiredToken
 */
export function resolveAccessKey(
  accessKeyId: string,
  token: string | undefined,
  context: AuthenticationContext,
): AccessKey {
  const key = context.keys(accessKeyId);
  // S3 does not know temporary keys by their id alone: without the token the id does not exist
  if (key === undefined || (key.sessionToken !== undefined && token === undefined)) {
    throw s3Error("InvalidAccessKeyId", { AWSAccessKeyId: accessKeyId });
  }
  if (token !== undefined && !(key.sessionToken !== undefined && equalInConstantTime(token, key.sessionToken))) {
    throw s3Error("InvalidToken");
  }
  if (key.expiresAt !== undefined && key.expiresAt.getTime() <= context.now.getTime()) throw s3Error("ExpiredToken");
  return key;
}

/** Takes the same time wherever two texts of equal length differ. */
export function equalInConstantTime(left: string, right: string): boolean {
  const [leftBytes, rightBytes] = [Buffer.from(left), Buffer.from(right)];
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}
