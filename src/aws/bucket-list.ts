/** The buckets of the account, page by page, each with its region. */
import { ListBucketsCommand, type S3Client } from "@aws-sdk/client-s3";
import { bucketListRead } from "../audit/facet-access.ts";
import type { BucketRef } from "../audit/source.ts";
import { S3upError } from "../errors.ts";
import { serviceAnswerIn, withSdkErrors } from "./sdk-errors.ts";

/** Without a page size S3 answers all buckets at once and leaves out their regions; 1,000 is the most that it gives. */
const pageSize = 1000;

/** @throws S3upError ACCESS_DENIED, CREDENTIALS_*, NETWORK */
export async function* listBuckets(s3: S3Client, signal: AbortSignal): AsyncGenerator<BucketRef, void, undefined> {
  let token: string | undefined;
  do {
    const page = await withSdkErrors(
      { operation: bucketListRead.call },
      () => (token === undefined ? firstPage(s3, signal) : nextPage(s3, token, signal)),
      signal,
    ).catch((error: unknown) => {
      throw isRefusal(error) ? notAllowed(error) : error;
    });
    for (const { Name, BucketRegion } of page.Buckets ?? []) {
      if (Name !== undefined) yield { name: Name, ...(BucketRegion ? { region: BucketRegion } : {}) };
    }
    token = page.ContinuationToken || undefined;
  } while (token !== undefined);
}

function nextPage(s3: S3Client, ContinuationToken: string, abortSignal: AbortSignal) {
  return s3.send(new ListBucketsCommand({ MaxBuckets: pageSize, ContinuationToken }), { abortSignal });
}

/** Pages came to S3 in 2024; a server that knows none of them gives all buckets. */
async function firstPage(s3: S3Client, abortSignal: AbortSignal) {
  try {
    return await s3.send(new ListBucketsCommand({ MaxBuckets: pageSize }), { abortSignal });
  } catch (error) {
    if (serviceAnswerIn(error).code !== "NotImplemented") throw error;
    return await s3.send(new ListBucketsCommand({}), { abortSignal });
  }
}

function isRefusal(error: unknown): error is S3upError {
  return error instanceof S3upError && error.code === "ACCESS_DENIED";
}

function notAllowed(refusal: S3upError): S3upError {
  return new S3upError("ACCESS_DENIED", "S3 does not allow these credentials to list the account's buckets.", {
    why: refusal.why ?? refusal.message,
    hint: `Allow ${bucketListRead.action} on *, or name the buckets instead of --all.`,
    cause: refusal,
  });
}
