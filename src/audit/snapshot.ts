import type { BucketFacets, Facet } from "./facets.ts";

/** "AWS says that it is not set" and "we were not allowed to look" are different answers. */
export type Reading<T> =
  | { readonly state: "present"; readonly value: T }
  | { readonly state: "absent" }
  /** `reason` is AWS's error code (with the action that was refused, where a facet takes several), or why the value cannot be known
   * (`known after apply`, `malformed: …`). */
  | {
      readonly state: "unreadable";
      readonly reason: string;
      /** What it can be at most, where that much is known: outlines (`outline.ts`), `undefined` for "not configured". */
      readonly possible?: readonly unknown[];
    };

/** All that an audit looks at. Whatever its source (live, file, Terraform), it has this shape. */
export interface BucketSnapshot {
  readonly bucket: string;
  /** `arn:<partition>:s3:::<bucket>`. */
  readonly arn: string;
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  /** Where it came from, for reports: `live`, the file's path, or a Terraform address. */
  readonly source: string;
  readonly facets: { readonly [F in Facet]: Reading<BucketFacets[F]> };
  /** Where it stands in Terraform; only of a plan or a state. */
  readonly planned?: PlannedPlaces;
}

/** The role, the function and the ways to it share a facet and stand in different places. */
export type PlannedPart = Facet | "role" | "function" | "api";

export interface PlannedPlaces {
  /** Of the bucket itself, such as `module.uploads.aws_s3_bucket.this[0]`. */
  readonly address: string;
  /** Of the resources that set a facet, the first one the most telling. */
  readonly addresses: ReadonlyMap<PlannedPart, readonly string[]>;
  /** What had to be assumed to read a facet; a sentence. */
  readonly remarks: ReadonlyMap<Facet, string>;
  /** Facets with values that are marked as sensitive: they are judged and never shown. */
  readonly sensitive: ReadonlySet<Facet>;
}

/** Whose bucket it is, as far as the reads show: each of them named the account that it should belong to. */
export type OwnerEvidence = "this-account" | "another-account" | "nothing-read";

/** The bucket as a rule sees it: the facets that it asked for, each one known. `undefined` means "not configured". */
export type Known<F extends Facet> = {
  readonly bucket: string;
  readonly arn: string;
  readonly accountId: string | undefined;
  readonly owner?: OwnerEvidence;
} & { readonly [K in F]: BucketFacets[K] | undefined };
