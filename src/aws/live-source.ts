/** AWS as it is now, as a source of snapshots: each bucket with what the chosen rules need, account and signer once. */
import { setMaxListeners } from "node:events";
import { facets } from "../audit/facet-access.ts";
import type { Facet, PublicAccessBlock, Signer } from "../audit/facets.ts";
import { bucketArn } from "../audit/partition.ts";
import type { BucketSnapshot, Reading } from "../audit/snapshot.ts";
import { type BucketList, type BucketRef, NOT_READ, OTHER_ACCOUNT, type SnapshotSource } from "../audit/source.ts";
import { type AccountReader, createAccountReader } from "./account-reader.ts";
import { type AuditClients, type AuditWishes, connectAudit } from "./audit-clients.ts";
import { listBuckets } from "./bucket-list.ts";
import { bucketFacets, findBucket, readFoundBucket } from "./bucket-reader.ts";
import type { ClientSurroundings } from "./client.ts";
import { absent, together } from "./facet-reading.ts";
import type { SignerToRead } from "./signer-reader.ts";

export interface LiveWishes extends AuditWishes {
  /** Whose buckets they are; undefined: the caller's account. */
  readonly accountId: string | undefined;
  readonly signer: SignerToRead;
}

export interface LiveSource extends SnapshotSource, BucketList {
  /** Ends the connections that are kept open. */
  close(): void;
}

/** Nothing is sent yet. @throws S3upError REGION_UNKNOWN, CONFIG_INVALID, FILE_UNREADABLE */
export async function createLiveSource(wishes: LiveWishes, surroundings: ClientSurroundings): Promise<LiveSource> {
  const clients = await connectAudit(wishes, surroundings);
  const account = createAccountReader(clients, wishes.accountId);
  let signer: Promise<Reading<Signer>> | undefined;
  const readSignerOnce = (signal: AbortSignal) => {
    signer ??= import("./signer-reader.ts").then(({ readSigner }) => readSigner(clients, wishes.signer, signal));
    return signer;
  };
  return {
    read(bucket, needed, signal) {
      // Every request in flight listens to it, and all reads of a bucket are in flight at once.
      setMaxListeners(0, signal);
      return readSnapshot(bucket, { needed, clients, account, readSignerOnce, signal });
    },
    list: (signal) => listBuckets(clients.s3(clients.facts.region), signal),
    close: () => clients.close(),
  };
}

interface Work {
  readonly needed: ReadonlySet<Facet>;
  readonly clients: AuditClients;
  readonly account: AccountReader;
  readonly readSignerOnce: (signal: AbortSignal) => Promise<Reading<Signer>>;
  readonly signal: AbortSignal;
}

async function readSnapshot({ name, region: hint }: BucketRef, work: Work): Promise<BucketSnapshot> {
  const { needed, clients, account, signal } = work;
  const owner = account.account(signal);
  const bucket = {
    name,
    region: hint ?? clients.facts.region,
    needed: bucketFacets.filter((facet) => needed.has(facet)),
    owner,
    s3: (region: string) => clients.s3(region),
  };
  const found = findBucket(bucket, signal);
  const unlessNeeded = async <T>(facet: Facet, read: () => Promise<Reading<T>>) =>
    needed.has(facet) ? read() : notRead;

  const ofFound = found.then((bucketFound) => readFoundBucket(bucket, bucketFound, signal));

  const [{ region }, ofBucket, accessPoints, ofAccount, signer, accountId] = await together([
    found,
    ofFound,
    unlessNeeded("accessPoints", async () => pointsOf(name, (await found).region, work)),
    needsAccount(needed) ? account.publicAccessBlock(signal) : Promise.resolve(notRead),
    unlessNeeded("signer", () => work.readSignerOnce(signal)),
    owner,
  ]);

  const isStrangers = Object.values(ofBucket).some(isOfOtherAccount);
  const ofOwner = isStrangers
    ? { accessPoints: strangers, accountPublicAccessBlock: strangers, organizationPublicAccessBlock: strangers }
    : {
        accessPoints,
        accountPublicAccessBlock: ofAccount,
        organizationPublicAccessBlock: organizationBlock(ofAccount),
      };
  const unread = Object.fromEntries(facets.map((facet) => [facet, notRead]));
  return {
    bucket: name,
    arn: bucketArn(name, region),
    accountId: accountId.state === "present" ? accountId.value : undefined,
    // Where nothing was asked of the bucket itself, nobody said where it is.
    region: bucket.needed.length > 0 ? region : hint,
    source: "live",
    // The endpoint is asked by its own probe, which is no reader of AWS.
    facets: { ...unread, ...ofBucket, ...ofOwner, signer, endpoint: absent } as BucketSnapshot["facets"],
  };
}

const notRead = { state: "unreadable", reason: NOT_READ } as const;
const strangers = { state: "unreadable", reason: OTHER_ACCOUNT } as const;

function needsAccount(needed: ReadonlySet<Facet>): boolean {
  return needed.has("accountPublicAccessBlock") || needed.has("organizationPublicAccessBlock");
}

/** The account's answer is the effective one, with what the organisation says in it; so nothing more is known or needed. */
function organizationBlock(ofAccount: Reading<PublicAccessBlock>): Reading<never> {
  return ofAccount.state === "unreadable" ? ofAccount : absent;
}

function isOfOtherAccount(reading: Reading<unknown>): boolean {
  return reading.state === "unreadable" && reading.reason === OTHER_ACCOUNT;
}

async function pointsOf(bucket: string, region: string, { clients, account, signal }: Work) {
  const owner = await account.account(signal);
  if (owner.state !== "present") return owner;
  const { readAccessPoints } = await import("./access-point-reader.ts");
  return readAccessPoints(await clients.s3control(region), { bucket, accountId: owner.value }, signal);
}
