import type { Facet } from "../audit/facets.ts";

/** What a companion, or a block inside the bucket, can set. */
export const bucketFacetNames = [
  "publicAccessBlock",
  "policy",
  "acl",
  "ownership",
  "cors",
  "encryption",
  "versioning",
  "lifecycle",
  "logging",
  "website",
  "notification",
  "objectLock",
] as const satisfies readonly Facet[];
