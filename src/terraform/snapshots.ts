/** A plan or a state -> a snapshot of each bucket in it, as it will be after apply. */

import type { BucketFacets, Facet } from "../audit/facets.ts";
import { bucketArn } from "../audit/partition.ts";
import type { BucketSnapshot, PlannedPart, PlannedPlaces, Reading } from "../audit/snapshot.ts";
import { NOT_IN_PLAN } from "../audit/source.ts";
import { accessPointsOf } from "./access-points.ts";
import { accountBlock } from "./account-block.ts";
import { accountIds } from "./account-ids.ts";
import { type BucketPlace, bucketFacet, type PlannedFacet } from "./bucket-facets.ts";
import { type BucketSettings, type BucketsFound, findBuckets } from "./companion-facets.ts";
import { nameIn } from "./correlate.ts";
import { memberOf, textOf } from "./json-value.ts";
import { plannedChange } from "./planned-change.ts";
import { bucketFacetNames } from "./planned-facets.ts";
import { hasMark } from "./policy-documents.ts";
import type { Resource, Terraform } from "./resource.ts";
import { indexResources, type ResourceIndex } from "./resource-index.ts";
import { plannedSigner, type SignerWish } from "./signer.ts";

export interface PlannedBuckets {
  readonly snapshots: readonly BucketSnapshot[];
  /** Addresses of buckets that apply deletes or that Terraform only forgets; nothing is said of them. */
  readonly left: readonly string[];
}

/** @throws S3upError USAGE for a signer that is not in the plan */
export function snapshotsOf(terraform: Terraform, wish: SignerWish): PlannedBuckets {
  const index = indexResources(terraform);
  const found = findBuckets(index);
  const accounts = accountIds(terraform.resources);
  const context = { index, found, wish, account: accounts.length === 1 ? accounts[0] : undefined };
  const own = found.buckets.map((bucket) => {
    return snapshotOf({ bucket, ...identityOf(bucket, index), settings: found.settingsOf(bucket) }, context);
  });
  const foreign = [...found.foreign].map(([name, settings]) => {
    const address = firstAddress(settings);
    return snapshotOf(
      { bucket: undefined, name, address, region: undefined, arn: bucketArn(name, undefined), settings },
      context,
    );
  });
  return { snapshots: [...own, ...foreign], left: found.deleted.map(({ address }) => address) };
}

interface Context {
  readonly index: ResourceIndex;
  readonly found: BucketsFound;
  readonly wish: SignerWish;
  readonly account: string | undefined;
}

interface Place extends BucketPlace {
  readonly name: string;
  readonly address: string;
  readonly region: string | undefined;
}

function snapshotOf(place: Place, { index, found, wish, account }: Context): BucketSnapshot {
  const { bucket, name, arn, address, region, settings } = place;
  const signer = plannedSigner({ bucket, name, arn, account }, wish, index);
  const planned = new Map<Facet, PlannedFacet>([
    ...bucketFacetNames.map((facet) => [facet, bucketFacet(facet, place, index)] as const),
    ["accountPublicAccessBlock", accountBlock(bucket, index)],
    ["accessPoints", accessPointsOf(place, found.correlation, index)],
    ["signer", { reading: signer.reading, addresses: [], sensitive: signer.sensitive, ...remarkOf(signer.remark) }],
    ["change", plannedChange(place, index)],
  ]);
  return {
    bucket: name,
    arn,
    accountId: account,
    region,
    source: index.terraform.source,
    facets: readingsOf(planned, bucket === undefined),
    planned: { address, ...placesOf(planned, signer.addresses, settings) },
  };
}

function remarkOf(remark: string | undefined): { readonly remark?: string } {
  return remark === undefined ? {} : { remark };
}

/** AWS was not asked, and the organization is in no plan: for them "not there" is all that can be said. */
function readingsOf(planned: ReadonlyMap<Facet, PlannedFacet>, isForeign: boolean): BucketSnapshot["facets"] {
  const others: Partial<Record<Facet, Reading<never>>> = {
    policyStatus: { state: "absent" },
    organizationPublicAccessBlock: { state: "absent" },
    endpoint: { state: "absent" },
  };
  const readings = [...planned].map(([facet, { reading }]) => [facet, reading] as const);
  // what a plan does not manage of a bucket elsewhere is not looked at, instead of being taken for absent
  const status = isForeign ? { policyStatus: { state: "unreadable", reason: NOT_IN_PLAN } as const } : {};
  return { ...others, ...status, ...Object.fromEntries(readings) } as {
    readonly [F in Facet]: Reading<BucketFacets[F]>;
  };
}

function placesOf(
  planned: ReadonlyMap<Facet, PlannedFacet>,
  signer: ReadonlyMap<PlannedPart, readonly string[]>,
  { former, removed }: BucketSettings,
): Omit<PlannedPlaces, "address"> {
  const addresses = new Map<PlannedPart, readonly string[]>(signer);
  const remarks = new Map<Facet, string>();
  const sensitive = new Set<Facet>();
  for (const [facet, one] of planned) {
    // what is taken away is told at the place where it stood
    const gone = removed.has(facet) ? (former.get(facet)?.address ?? []) : [];
    const places = [...one.addresses, ...(one.addresses.length === 0 ? [gone].flat() : [])];
    if (places.length > 0) addresses.set(facet, places);
    const remark = one.remark ?? (facet === "lifecycle" ? removalOf(removed, former.get(facet)) : undefined);
    if (remark !== undefined) remarks.set(facet, remark);
    if (one.sensitive) sensitive.add(facet);
  }
  return { addresses, remarks, sensitive };
}

/** Of the other facets a rule of its own tells that a plan takes them away. */
function removalOf(removed: ReadonlySet<Facet>, former: Resource | undefined): string | undefined {
  return former !== undefined && removed.has("lifecycle") ? `The plan deletes ${former.address}.` : undefined;
}

function identityOf(bucket: Resource, index: ResourceIndex) {
  const { address, after, sensitive } = bucket;
  const known = nameIn(after);
  const provider = index.configOf(bucket)?.providerKey;
  const region =
    textOf(memberOf(after, "region")) ?? index.terraform.configuration?.regions.get(provider ?? "") ?? undefined;
  const name = known === undefined || hasMark(memberOf(sensitive, "bucket")) ? address : known;
  const arn = textOf(memberOf(after, "arn"));
  return { name, address, region, arn: isBucketArn(arn) ? arn : bucketArn(known ?? standIn(address), region) };
}

function isBucketArn(arn: string | undefined): arn is string {
  return arn !== undefined && /^arn:[a-z-]+:s3:::[^/*?]+$/.test(arn);
}

/** For questions about policies a bucket whose name nobody knows needs one that no policy can mean. */
function standIn(address: string): string {
  return `known-after-apply-${address.replace(/[^a-zA-Z0-9]+/g, "-")}`;
}

function firstAddress({ settings, former }: BucketSettings): string {
  const [first] = [...settings.values()].flat();
  const [gone] = former.values();
  return first?.resource.address ?? gone?.address ?? "";
}
