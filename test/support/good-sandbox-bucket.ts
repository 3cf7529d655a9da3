/** A bucket of the sandbox, made good with the AWS SDK as anybody would. */
import {
  CreateBucketCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { denyAll, documentOf, type StatementJson } from "./policy-documents.ts";

export const origin = "https://app.example.com";

/** What the bucket is for, as options of the audit. */
export const intentWords = ["--prefix", "uploads/", "--origin", origin, "--mode", "put", "--encryption", "AES256"];

/** The guards of the policy, each by what it refuses. */
export function guardsOf(bucket: string) {
  const arn = `arn:aws:s3:::${bucket}`;
  const everywhere = { Resource: [arn, `${arn}/*`] };
  return {
    plainHttp: denyAll({ ...everywhere, Sid: "PlainHttp" }),
    oldTls: denyAll({ ...everywhere, Sid: "OldTls", Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } }),
    oldUrls: denyAll({
      Sid: "OldUrls",
      Action: "s3:PutObject",
      Resource: `${arn}/*`,
      Condition: { NumericGreaterThan: { "s3:signatureAge": "900000" } },
    }),
    signatureV2: denyAll({
      ...everywhere,
      Sid: "SignatureV2",
      Condition: { StringEquals: { "s3:signatureversion": "AWS" } },
    }),
  } as const;
}

export function policyText(statements: readonly StatementJson[]): string {
  return JSON.stringify(documentOf(...statements));
}

export const goodCors = {
  CORSRules: [
    {
      AllowedOrigins: [origin],
      AllowedMethods: ["PUT"],
      AllowedHeaders: ["content-type", "if-none-match", "x-amz-*"],
      ExposeHeaders: ["ETag"],
      MaxAgeSeconds: 3600,
    },
  ],
};

export const goodLifecycle = {
  Rules: [
    {
      ID: "abort",
      Status: "Enabled",
      Filter: { Prefix: "" },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    },
  ],
} as const;

/** Makes the settings of a bucket that is there; a new one has Block Public Access and no ACLs. */
export async function makeGood(client: S3Client, Bucket: string): Promise<void> {
  await client.send(new PutBucketPolicyCommand({ Bucket, Policy: policyText(Object.values(guardsOf(Bucket))) }));
  await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: goodCors }));
  await client.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: goodLifecycle as never }),
  );
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  await client.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" },
            BlockedEncryptionTypes: { EncryptionType: ["SSE-C"] },
          },
        ],
      },
    }),
  );
  const logs = `${Bucket}-logs`;
  await client.send(new CreateBucketCommand({ Bucket: logs })).catch(unlessThere);
  await client.send(
    new PutBucketLoggingCommand({
      Bucket,
      BucketLoggingStatus: { LoggingEnabled: { TargetBucket: logs, TargetPrefix: `${Bucket}/` } },
    }),
  );
}

function unlessThere(error: Error): void {
  if (error.name !== "BucketAlreadyOwnedByYou") throw error;
}
