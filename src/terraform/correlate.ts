/**
 * Which bucket a resource belongs to. By name where the plan knows it, else by what its expression leads to. What stays open is
 * said: several candidates, a guess, or none at all.
 */
import { UNKNOWN } from "../audit/outline.ts";
import { companionTypes } from "./companions.ts";
import { memberOf, textOf } from "./json-value.ts";
import { scopeOf, targetsOf } from "./references.ts";
import type { Resource } from "./resource.ts";
import type { ResourceIndex } from "./resource-index.ts";

export type Belonging =
  /** To one of the buckets; several where the plan does not tell which. */
  | { readonly kind: "buckets"; readonly buckets: readonly Resource[]; readonly guessed: boolean }
  /** To a bucket that the file does not hold. */
  | { readonly kind: "foreign"; readonly name: string }
  /** To some bucket. */
  | { readonly kind: "undetermined" }
  /** To something that is no bucket of this kind. */
  | { readonly kind: "other" };

export interface Correlation {
  /** As it will be. */
  ownerOf(resource: Resource): Belonging;
  /** As it is now. */
  formerOwnerOf(resource: Resource): Belonging;
}

/** Companions name their bucket by the way of others: `aws_s3_bucket_policy.x.id`. */
const longest = 8;

/** @param gone names of buckets that apply deletes */
export function correlate(index: ResourceIndex, buckets: readonly Resource[], gone: ReadonlySet<string>): Correlation {
  const byName = new Map<string, Resource>();
  const byFormerName = new Map<string, Resource>();
  for (const bucket of buckets) {
    const name = nameIn(bucket.after);
    const former = nameIn(bucket.before);
    if (name !== undefined) byName.set(name, bucket);
    if (former !== undefined) byFormerName.set(former, bucket);
  }
  const isBucket = new Set(buckets);

  const named = (name: string, names: ReadonlyMap<string, Resource>): Belonging => {
    const bucket = names.get(name);
    if (bucket !== undefined) return sure([bucket]);
    return gone.has(name) ? { kind: "other" } : { kind: "foreign", name };
  };

  const byExpression = (resource: Resource, depth: number): Belonging => {
    const config = index.configOf(resource);
    const targets = targetsOf(memberOf(config?.expressions, "bucket"), scopeOf(resource, index), index);
    const found = targets.resources.flatMap((target) => belongingOf(target, depth));
    const candidates = [...new Set(found.flatMap((one) => (one.kind === "buckets" ? one.buckets : [])))];
    if (candidates.length > 0) return { kind: "buckets", buckets: candidates, guessed: false };
    const foreign = found.find((one) => one.kind === "foreign");
    if (foreign !== undefined) return foreign;
    const [text] = targets.texts.filter((one) => byName.has(one));
    if (text !== undefined) return named(text, byName);
    if (found.length > 0 && found.every(({ kind }) => kind === "other")) return { kind: "other" };
    return byFormerName.get(nameIn(resource.before) ?? "") === undefined
      ? guess(resource)
      : named(nameIn(resource.before) ?? "", byFormerName);
  };

  const belongingOf = (target: Resource, depth: number): readonly Belonging[] => {
    if (isBucket.has(target)) return [sure([target])];
    if (depth >= longest) return [];
    if (target.mode === "data" && target.type === "aws_s3_bucket") {
      const name = nameIn(target.after);
      return name === undefined ? [] : [named(name, byName)];
    }
    if (companionTypes.has(target.type) && target.mode === "managed") return [owner(target, depth + 1)];
    return target.type.startsWith("aws_s3_directory_bucket") ? [{ kind: "other" }] : [];
  };

  /** What stands behind a local is not in a plan; mostly it is the bucket of the same module. */
  const guess = (resource: Resource): Belonging => {
    const near = buckets.filter(({ module, key }) => module === resource.module && key === resource.key);
    return near.length === 1 ? { kind: "buckets", buckets: near, guessed: true } : { kind: "undetermined" };
  };

  const owner = (resource: Resource, depth: number): Belonging => {
    const name = memberOf(resource.after, "bucket");
    if (typeof name === "string" && name !== "") return named(nameFrom(name), byName);
    return name === UNKNOWN || name === undefined || name === null ? byExpression(resource, depth) : { kind: "other" };
  };

  return {
    ownerOf: (resource) => owner(resource, 0),
    formerOwnerOf(resource) {
      const name = textOf(memberOf(resource.before, "bucket"));
      return name === undefined ? { kind: "undetermined" } : named(nameFrom(name), byFormerName);
    },
  };
}

function sure(buckets: readonly Resource[]): Belonging {
  return { kind: "buckets", buckets, guessed: false };
}

/** Undefined where nobody knows it before apply. */
export function nameIn(values: unknown): string | undefined {
  const name = textOf(memberOf(values, "bucket")) ?? textOf(memberOf(values, "id"));
  return name === "" ? undefined : name;
}

/** Access points and some companions take an ARN as well. */
function nameFrom(text: string): string {
  return /^arn:[a-z-]+:s3:::([^/]+)$/.exec(text)?.[1] ?? text;
}
