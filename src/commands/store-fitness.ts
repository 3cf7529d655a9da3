/** What a user wishes, held against what the store takes: refused before a byte leaves, or done in the store's own way. */
import { S3upError } from "../errors.ts";
import type { ChecksumAlgorithm } from "../protocol/messages.ts";
import { type StoreFeature, type StoreQuirks, storeFeatures } from "../signing/store-quirks.ts";
import { type ChecksumChoice, checksumAlgorithmOf } from "../upload/checksum.ts";
import type { PutTarget } from "./put-target.ts";

/**
 * CRC32 where nothing else is wished; Content-MD5 where the store knows no checksums of S3.
 * @param usual false: the AWS settings want none where S3 does not insist on one
 * @throws S3upError USAGE for a checksum that the store would refuse
 */
export function checksumFor(store: StoreQuirks, wish: ChecksumChoice | undefined, usual: boolean): ChecksumChoice {
  if (wish === undefined && !usual) return "none";
  if (store.checksums !== undefined) return wish ?? "crc32";
  if (wish === undefined) return "md5";
  refuseChecksum(checksumAlgorithmOf(wish), store);
  return wish;
}

/** @throws S3upError USAGE for a checksum where the store takes none */
export function refuseChecksum(algorithm: ChecksumAlgorithm | undefined, store: StoreQuirks): void {
  if (algorithm === undefined || store.checksums !== undefined) return;
  throw new S3upError("USAGE", `--checksum ${algorithm.toLowerCase()} cannot be used with ${store.title}.`, {
    why: `${store.title} refuses the headers x-amz-checksum-*.`,
    hint: "Leave it out; `s3up put` then says the Content-MD5 of every part, which the store compares.",
  });
}

type StoreWish = Pick<PutTarget & { readonly via: "credentials" }, "object" | "noOverwrite" | "access">;

/** @throws S3upError USAGE for what the store does not have */
export function refuseLacking(wish: StoreWish, store: StoreQuirks): void {
  for (const feature of wishedFeatures(wish)) {
    const lack = store.lacks[feature];
    if (lack !== undefined) throw lacking(storeFeatures[feature].join(", "), store, lack.why);
  }
  const { storageClass } = wish.object;
  if (storageClass === undefined || (store.storageClasses?.includes(storageClass) ?? true)) return;
  throw lacking(`--storage-class ${storageClass}`, store, `It takes ${store.storageClasses?.join(" and ")} only.`);
}

function wishedFeatures({ object, noOverwrite, access }: StoreWish): StoreFeature[] {
  const { encryption } = object;
  const wished: Readonly<Record<StoreFeature, boolean>> = {
    tags: object.tags !== undefined,
    acl: object.acl !== undefined,
    grants: object.grants !== undefined,
    encryption: encryption?.kind === "AES256",
    kms: encryption !== undefined && encryption.kind !== "AES256",
    noOverwrite,
    ifMatch: access?.ifMatch !== undefined,
    expectedOwner: access?.expectedOwner !== undefined,
  };
  return (Object.keys(wished) as StoreFeature[]).filter((feature) => wished[feature]);
}

function lacking(flag: string, { title }: StoreQuirks, why: string): S3upError {
  return new S3upError("USAGE", `${flag} cannot be used with ${title}.`, {
    why,
    hint: "Leave it out; where the server is another one, name its kind with --store.",
  });
}
