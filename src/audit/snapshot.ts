import type { BucketFacets, Facet } from "./facets.ts";

/** "AWS says that it is not set" and "we were not allowed to look" are different answers. */
export type Reading<T> =
  | { readonly state: "present"; readonly value: T }
  | { readonly state: "absent" }
  /** `reason` is AWS's error code, or why the value cannot be known (`known after apply`, `malformed: …`). */
  | {
      readonly state: "unreadable";
      readonly reason: string;
      /** The IAM actions that were refused, where the facet needs several calls and not all of them failed. */
      readonly missingActions?: readonly string[];
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
}

/** The bucket as a rule sees it: the facets that it asked for, each one known. `undefined` means "not configured". */
export type Known<F extends Facet> = {
  readonly bucket: string;
  readonly arn: string;
  readonly accountId: string | undefined;
} & { readonly [K in F]: BucketFacets[K] | undefined };
