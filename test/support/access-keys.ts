import type { AccessKey, AuthenticationContext } from "../../src/sandbox/caller.ts";
import { S3Error } from "../../src/sandbox/s3-error.ts";
import { documented } from "./signed-requests.ts";

export const permanentKey: AccessKey = {
  accessKeyId: documented.accessKeyId,
  secretAccessKey: documented.secretAccessKey,
  accountId: "000000000000",
  userArn: "arn:aws:iam::000000000000:user/example",
};

export const temporaryKey: AccessKey = {
  ...permanentKey,
  accessKeyId: "ASIAIOSFODNN7EXAMPLE",
  sessionToken: "the-token",
  expiresAt: new Date("2013-05-24T01:00:00Z"),
};

/** Knows both keys, at the moment of AWS's examples. */
export const exampleContext: AuthenticationContext = {
  region: "us-east-1",
  keys: (id) => [permanentKey, temporaryKey].find((key) => key.accessKeyId === id),
  now: documented.now,
};

/** The S3Error with which the work is refused; anything else it throws is thrown on. */
export async function refusalOf(work: () => unknown): Promise<S3Error> {
  try {
    await work();
  } catch (error) {
    if (error instanceof S3Error) return error;
    throw error;
  }
  throw new Error("It was accepted.");
}
