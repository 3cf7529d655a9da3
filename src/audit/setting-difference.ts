/** Which settings of a bucket two snapshots have differently, whatever the order in which either tells them. */
import { publicGroupOf } from "../policy/acl.ts";
import { aclGrants } from "./acl-grants.ts";
import type { BucketFacets, Facet } from "./facets.ts";
import { SENSITIVE } from "./planned-results.ts";
import { policyContent } from "./policy-content.ts";
import type { BucketSnapshot, Reading } from "./snapshot.ts";

export interface Difference {
  readonly facet: Facet;
  readonly name: string;
  /** A sentence. */
  readonly text: string;
  readonly live: unknown;
  readonly planned: unknown;
}

/** What both sides tell in the same members; names in sentences. */
const compared = {
  publicAccessBlock: "the public access block",
  policy: "the bucket policy",
  acl: "the public part of the ACL",
  ownership: "object ownership",
  cors: "CORS",
  encryption: "the default encryption",
  versioning: "versioning",
  lifecycle: "the lifecycle rules",
  logging: "access logging",
  website: "the website",
  objectLock: "Object Lock",
} as const satisfies { readonly [F in Facet]?: string };

type Compared = keyof typeof compared;

/** Only what both sides know. */
export function differingSettings(live: BucketSnapshot, planned: BucketSnapshot): readonly Difference[] {
  return (Object.keys(compared) as readonly Compared[]).flatMap((facet) => {
    const [one, other] = [live.facets[facet], planned.facets[facet]];
    if (one.state === "unreadable" || other.state === "unreadable") return [];
    if (textFor(facet, one) === textFor(facet, other)) return [];
    const isSecret = planned.planned?.sensitive.has(facet) === true;
    const [now, then] = isSecret ? [SENSITIVE, SENSITIVE] : [shownOf(one), shownOf(other)];
    return [{ facet, name: compared[facet], text: sentence(facet, one, other), live: now, planned: then }];
  });
}

function sentence(facet: Compared, live: Reading<unknown>, planned: Reading<unknown>): string {
  const name = `${compared[facet].charAt(0).toUpperCase()}${compared[facet].slice(1)}`;
  if (live.state === "absent") return `${name}: the plan sets it, and the bucket has none.`;
  if (planned.state === "absent") return `${name}: the bucket has it, and the plan sets none.`;
  return `${name}: the bucket and the plan differ.`;
}

function shownOf(reading: Reading<unknown>): unknown {
  return reading.state === "present" ? reading.value : null;
}

/** The same text for what S3 takes for the same. */
function textFor(facet: Compared, reading: Reading<unknown>): string {
  if (reading.state !== "present") return facet === "acl" ? "[]" : facet === "publicAccessBlock" ? allOff : "absent";
  return canonical(normal(facet, reading.value)) ?? "absent";
}

const allOff = canonical({
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
});

function normal(facet: Compared, value: unknown): unknown {
  switch (facet) {
    case "policy":
      return withSingles(policyContent(typeof value === "string" ? value : JSON.stringify(value)));
    case "acl":
      return aclGrants(value as BucketFacets["acl"]).filter((grant) => publicGroupOf(grant) !== undefined);
    case "encryption":
      return (value as BucketFacets["encryption"]).map((rule) => rule.ApplyServerSideEncryptionByDefault ?? null);
    case "lifecycle":
      return (value as BucketFacets["lifecycle"]).map(({ Prefix, Filter, ...rule }) => ({
        ...rule,
        Filter: filterOf(Prefix, Filter),
      }));
    case "cors":
      return (value as BucketFacets["cors"]).map(({ ID: _, ...rule }) => ({
        ...rule,
        AllowedHeaders: rule.AllowedHeaders ?? [],
        ExposeHeaders: rule.ExposeHeaders ?? [],
        MaxAgeSeconds: rule.MaxAgeSeconds ?? 0,
      }));
    case "versioning": {
      const { Status, MFADelete } = value as BucketFacets["versioning"];
      return { Status: Status ?? null, MFADelete: MFADelete === "Enabled" };
    }
    case "website":
      return true;
    case "logging":
      return {
        ...(value as BucketFacets["logging"]),
        TargetPrefix: (value as BucketFacets["logging"]).TargetPrefix ?? "",
      };
    default:
      return value;
  }
}

/** The old place of the prefix, an empty filter and none at all mean the same. */
function filterOf(prefix: string | undefined, filter: unknown): unknown {
  const members = typeof filter === "object" && filter !== null ? Object.entries(filter) : [];
  const told = members.filter(([name, value]) => value !== undefined && !(name === "Prefix" && value === ""));
  return prefix === undefined || prefix === ""
    ? Object.fromEntries(told)
    : { ...Object.fromEntries(told), Prefix: prefix };
}

/** `"s3:*"` and `["s3:*"]` are the same to S3. */
function withSingles(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? withSingles(value[0]) : value.map(withSingles);
  if (typeof value !== "object" || value === null)
    return typeof value === "boolean" || typeof value === "number" ? String(value) : value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, unknown]) => [name, withSingles(member)]),
  );
}

/** Members and items in one order: neither counts in any of the settings that are compared. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`)
    .sort()
    .join(",")}}`;
}
