import { ACCOUNT_ID } from "./context.ts";
import { s3Error } from "./s3-error.ts";

const expectations = ["x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner"];

/**
 * A client may say whose bucket it expects, so that it does not upload into a stranger's. To be called for every
 * signed request on a bucket.
 * @throws S3Error AccessDenied when it expects another account than the sandbox's
 */
export function checkExpectedOwner(headers: Readonly<Record<string, string | undefined>>): void {
  for (const name of expectations) {
    const expected = headers[name];
    if (expected !== undefined && expected !== ACCOUNT_ID) throw s3Error("AccessDenied");
  }
}
