/** What S3 tells of one bucket: the facets that were asked for, all at once, two round trips deep. */
import {
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { facetReads } from "../audit/facet-access.ts";
import type { BucketFacets, Facet } from "../audit/facets.ts";
import { policyContent } from "../audit/policy-content.ts";
import type { Reading } from "../audit/snapshot.ts";
import { OTHER_ACCOUNT } from "../audit/source.ts";
import type { ErrorCode } from "../errors.ts";
import { readFacet, together } from "./facet-reading.ts";
import { serviceAnswerIn } from "./sdk-errors.ts";

interface BucketInput {
  readonly Bucket: string;
  readonly ExpectedBucketOwner?: string;
}
type Ask = (s3: S3Client, input: BucketInput, options: { readonly abortSignal: AbortSignal }) => Promise<object>;

/** Every facet that the bucket itself answers. The first that is needed is the one that finds the bucket. */
const asks = {
  publicAccessBlock: (s3, input, options) => s3.send(new GetPublicAccessBlockCommand(input), options),
  ownership: (s3, input, options) => s3.send(new GetBucketOwnershipControlsCommand(input), options),
  versioning: (s3, input, options) => s3.send(new GetBucketVersioningCommand(input), options),
  policy: (s3, input, options) => s3.send(new GetBucketPolicyCommand(input), options).then(withPolicyContent),
  policyStatus: (s3, input, options) => s3.send(new GetBucketPolicyStatusCommand(input), options),
  acl: (s3, input, options) => s3.send(new GetBucketAclCommand(input), options),
  cors: (s3, input, options) => s3.send(new GetBucketCorsCommand(input), options),
  encryption: (s3, input, options) => s3.send(new GetBucketEncryptionCommand(input), options),
  lifecycle: (s3, input, options) => s3.send(new GetBucketLifecycleConfigurationCommand(input), options),
  logging: (s3, input, options) => s3.send(new GetBucketLoggingCommand(input), options),
  website: (s3, input, options) => s3.send(new GetBucketWebsiteCommand(input), options),
  notification: (s3, input, options) => s3.send(new GetBucketNotificationConfigurationCommand(input), options),
  objectLock: (s3, input, options) => s3.send(new GetObjectLockConfigurationCommand(input), options),
} as const satisfies { readonly [F in Facet]?: Ask };

export type BucketFacet = keyof typeof asks;
export const bucketFacets = Object.keys(asks) as readonly BucketFacet[];

export type BucketReadings = { readonly [F in BucketFacet]?: Reading<BucketFacets[F]> };

export interface BucketToRead {
  readonly name: string;
  /** The best guess; where S3 names another one, that is taken. */
  readonly region: string;
  readonly needed: readonly BucketFacet[];
  /** Whose bucket it should be; unreadable: not known, and no read names an owner. */
  readonly owner: Promise<Reading<string>>;
  s3(region: string): S3Client;
}

/** A bucket that has been found, with what the first read said. */
export interface FoundBucket {
  readonly region: string;
  readonly readings: BucketReadings;
}

/**
 * The first of the needed reads. It runs while the owner is still being found out, so it names none unless it is the only
 * one; it finds the region and shows whether there is such a bucket.
 * @throws S3upError BUCKET_NOT_FOUND, BUCKET_ELSEWHERE, NETWORK, CREDENTIALS_*
 */
export async function findBucket(bucket: BucketToRead, signal: AbortSignal): Promise<FoundBucket> {
  const [facet, ...others] = bucket.needed;
  const { name: Bucket, region, s3 } = bucket;
  if (facet === undefined) return { region, readings: {} };

  const input = { Bucket, ...(others.length === 0 ? ownerInput(await bucket.owner) : {}) };
  let elsewhere: string | undefined;
  const noting = (error: unknown) => {
    elsewhere = regionNamedIn(error, region);
  };
  try {
    const reading = await readOne(facet, s3(region), input, signal, { throws: ["NETWORK"], noting });
    if (elsewhere === undefined) return { region, readings: { [facet]: reading } };
  } catch (error) {
    if (elsewhere === undefined) throw error;
  }
  return { region: elsewhere, readings: { [facet]: await readOne(facet, s3(elsewhere), input, signal) } };
}

/** All other reads, at once. Each names the owner, so that nothing is taken from a stranger's bucket. */
export async function readFoundBucket(
  bucket: BucketToRead,
  { region, readings }: FoundBucket,
  signal: AbortSignal,
): Promise<BucketReadings> {
  const [first, ...others] = bucket.needed;
  if (first === undefined || others.length === 0) return readings;

  const s3 = bucket.s3(region);
  const input = { Bucket: bucket.name, ...ownerInput(await bucket.owner) };
  const pairs = await together(others.map(async (facet) => [facet, await readOne(facet, s3, input, signal)] as const));
  const isStrangers =
    input.ExpectedBucketOwner !== undefined &&
    !isRefused(readings[first]) &&
    pairs.every(([, { state }]) => state === "unreadable") &&
    pairs.some(([, reading]) => isRefused(reading)) &&
    // The read that named no owner was answered: the same with the owner tells a stranger's bucket from missing rights.
    isRefused(await readOne(first, s3, input, signal));
  return isStrangers ? allOfOther(bucket.needed) : { ...readings, ...Object.fromEntries(pairs) };
}

interface FirstRead {
  readonly throws?: readonly ErrorCode[];
  readonly noting?: (error: unknown) => void;
}

async function readOne(
  facet: BucketFacet,
  s3: S3Client,
  input: BucketInput,
  signal: AbortSignal,
  { throws = [], noting = () => undefined }: FirstRead = {},
): Promise<Reading<BucketFacets[BucketFacet]>> {
  const [read] = facetReads[facet];
  const context = { signal, about: { bucket: input.Bucket }, throws: [...noBucketHere, ...throws] };
  const ask = () =>
    asks[facet](s3, input, { abortSignal: signal }).catch((error: unknown) => {
      noting(error);
      throw error;
    });
  return readFacet(facet, read, context, ask);
}

const noBucketHere: readonly ErrorCode[] = ["BUCKET_NOT_FOUND", "BUCKET_ELSEWHERE"];

/** A redirection, and a signature for the wrong region, come with the right one; so do refusals in the right region. */
function regionNamedIn(error: unknown, asked: string): string | undefined {
  const { status, region } = serviceAnswerIn(error);
  const isRedirection = status === 301 || status === 307 || status === 400;
  return isRedirection && region !== undefined && region !== asked ? region : undefined;
}

function ownerInput(owner: Reading<string>): Pick<BucketInput, "ExpectedBucketOwner"> {
  return owner.state === "present" ? { ExpectedBucketOwner: owner.value } : {};
}

function isRefused(reading: Reading<unknown> | undefined): boolean {
  return reading?.state === "unreadable" && reading.reason === "AccessDenied";
}

function allOfOther(needed: readonly BucketFacet[]): BucketReadings {
  return Object.fromEntries(needed.map((facet) => [facet, { state: "unreadable", reason: OTHER_ACCOUNT }]));
}

function withPolicyContent({ Policy }: { readonly Policy?: string | undefined }): object {
  return Policy === undefined ? {} : { Policy: policyContent(Policy) };
}
