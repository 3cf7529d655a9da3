/** What each bucket's companions say: facet by facet, for certain, perhaps, or no longer. */
import type { Facet } from "../audit/facets.ts";
import { companionTypes } from "./companions.ts";
import { type Belonging, type Correlation, correlate, nameIn } from "./correlate.ts";
import type { Resource } from "./resource.ts";
import type { ResourceIndex } from "./resource-index.ts";

/** A resource that sets a facet of a bucket. */
export interface Setting {
  readonly resource: Resource;
  /** Undefined: for certain. Else why it may be another bucket's; reads after the address. */
  readonly doubt: string | undefined;
  /** It was taken for the bucket's although the plan does not tell; a sentence. */
  readonly remark: string | undefined;
}

export interface BucketSettings {
  /** As it will be. */
  readonly settings: ReadonlyMap<Facet, readonly Setting[]>;
  /** As it is now, of what apply changes or takes away; the newest first. */
  readonly former: ReadonlyMap<Facet, Resource>;
  /** Facets whose resource will be gone. */
  readonly removed: ReadonlySet<Facet>;
}

export interface BucketsFound {
  readonly buckets: readonly Resource[];
  readonly settingsOf: (bucket: Resource) => BucketSettings;
  /** Name -> what is set of a bucket that the file does not hold. */
  readonly foreign: ReadonlyMap<string, BucketSettings>;
  readonly correlation: Correlation;
  /** Buckets that apply deletes, and those that it only forgets. */
  readonly deleted: readonly Resource[];
}

interface Draft {
  readonly settings: Map<Facet, Setting[]>;
  readonly former: Map<Facet, Resource>;
  readonly removed: Set<Facet>;
}

export function findBuckets(index: ResourceIndex): BucketsFound {
  const all = index.byType("aws_s3_bucket");
  const buckets = all.filter(({ after }) => after !== undefined);
  const deleted = all.filter(({ change }) => change === "delete" || change === "forget");
  const gone = new Set(deleted.flatMap(({ change, before }) => (change === "delete" ? [nameIn(before) ?? ""] : [])));
  const correlation = correlate(index, buckets, gone);
  const drafts = new Map<Resource, Draft>();
  const foreign = new Map<string, Draft>();
  for (const [type, { facet }] of companionTypes) {
    const undetermined: Resource[] = [];
    for (const resource of index.byType(type)) {
      addFormer(resource, facet, correlation.formerOwnerOf(resource));
      if (resource.change === "delete") continue;
      const kept = resource.change === "forget" ? { ...resource, after: resource.before } : resource;
      const owner = correlation.ownerOf(kept);
      if (owner.kind === "undetermined") undetermined.push(kept);
      addSetting(kept, facet, owner);
    }
    for (const resource of undetermined) addEverywhere(resource, facet);
  }

  function addFormer(resource: Resource, facet: Facet, owner: Belonging): void {
    if (resource.before === undefined) return;
    for (const draft of draftsOf(owner)) {
      draft.former.set(facet, resource);
      if (resource.change === "delete") draft.removed.add(facet);
    }
  }

  function addSetting(resource: Resource, facet: Facet, owner: Belonging): void {
    const doubt = owner.kind === "buckets" && owner.buckets.length > 1 ? doubtAmong(owner.buckets) : undefined;
    const remark =
      owner.kind === "buckets" && owner.guessed
        ? `${resource.address} is taken for this bucket's: the plan does not tell, and no other bucket is near it.`
        : undefined;
    for (const draft of draftsOf(owner)) push(draft, facet, { resource, doubt, remark });
  }

  /** It may be that of any bucket that has none for certain. */
  function addEverywhere(resource: Resource, facet: Facet): void {
    for (const bucket of buckets) {
      const draft = draftOf(drafts, bucket);
      const isTaken = draft.settings.get(facet)?.some(({ doubt }) => doubt === undefined) ?? false;
      const doubt = "may be this bucket's: the plan does not tell which bucket it is for";
      if (!isTaken) push(draft, facet, { resource, doubt, remark: undefined });
    }
  }

  function draftsOf(owner: Belonging): readonly Draft[] {
    if (owner.kind === "buckets") return owner.buckets.map((bucket) => draftOf(drafts, bucket));
    return owner.kind === "foreign" ? [draftOf(foreign, owner.name)] : [];
  }

  const none = emptyDraft();
  return { buckets, deleted, correlation, foreign, settingsOf: (bucket) => drafts.get(bucket) ?? none };
}

function doubtAmong(buckets: readonly Resource[]): string {
  const [first, second] = buckets;
  const more = buckets.length > 2 ? ` and of ${buckets.length - 2} more` : "";
  return `may be that of ${first?.address ?? ""} or of ${second?.address ?? ""}${more}`;
}

function push({ settings }: Draft, facet: Facet, setting: Setting): void {
  const known = settings.get(facet);
  if (known === undefined) settings.set(facet, [setting]);
  else known.push(setting);
}

function draftOf<K>(drafts: Map<K, Draft>, key: K): Draft {
  const known = drafts.get(key) ?? emptyDraft();
  drafts.set(key, known);
  return known;
}

function emptyDraft(): Draft {
  return { settings: new Map(), former: new Map(), removed: new Set() };
}
