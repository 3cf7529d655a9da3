/**
 * What a presign endpoint was seen to do (`--endpoint`). Facts only: the rules judge them. Signed addresses and tokens are
 * bearer credentials and are not part of it, so that a snapshot with it can be kept and shared.
 */

export interface EndpointFacts {
  /** Without query. */
  readonly url: string;
  /** What it answered to a request that named nobody. */
  readonly anonymous: ProbeAnswer;
  /** The forms of the request for which it signed: the article's two members, or `s3up-presign/1`. */
  readonly forms: readonly ("article" | "v1")[];
  /** What it signed for files with a harmless name. */
  readonly uploads: readonly SignedUpload[];
  /** What became of each hostile name. */
  readonly names: readonly NameAnswer[];
  /** What it answered to a size that no single request can have; left out where sizes mean nothing to it. */
  readonly oversized?: ProbeAnswer;
  /** What it answered to the preflight of a page at an origin that nobody intends. */
  readonly preflight?: PreflightAnswer;
  /** What the storage behind the signed address answered to the same. */
  readonly bucketPreflight?: PreflightAnswer;
  /** HTTP status of two uploads to one address; only where uploading was asked for. */
  readonly replay?: { readonly first: number; readonly second: number };
}

/** `unclear`: throttled, broken or no answer at all, so that nothing can be said. */
export type ProbeAnswer = "signed" | "refused" | "unclear";

export interface SignedUpload {
  /** The request that it answers: plain in one of the two forms, with a long life, or as a form for browsers. */
  readonly asked: "article" | "v1" | "long-life" | "form";
  readonly bucket?: string;
  /** As S3 will read it: from the address or the form, not from what the answer says beside it. */
  readonly key: string;
  /** True also for plain HTTP within one machine. */
  readonly secure: boolean;
  readonly signatureVersion?: 2 | 4;
  readonly expiresInSeconds?: number;
  /** Lower-case names; for a form, those of the fields that it fixes. */
  readonly signedHeaders: readonly string[];
  /** Checksums in the query of the address, where they bind nothing. */
  readonly queryChecksums: readonly { readonly name: string; readonly ofEmptyBody: boolean }[];
  /** Of a form: whether the sender may choose (a part of) the key, and the largest size in bytes. */
  readonly form?: { readonly openKey: boolean; readonly maxSize?: number };
}

export interface NameAnswer {
  /** Id in the table of hostile names. */
  readonly name: string;
  readonly answer: ProbeAnswer;
  /** Where it signed: the key that the name led to. */
  readonly key?: string;
}

/** Undefined members: the header was not there. */
export interface PreflightAnswer {
  readonly status: number;
  readonly allowOrigin?: string;
  readonly allowCredentials?: boolean;
}

/** What came of asking an endpoint. */
export interface EndpointProbe {
  readonly facts: EndpointFacts;
  /** How many requests went out, uploads included. */
  readonly requests: number;
  /** What lies in the bucket now; only where uploading was asked for. */
  readonly stored?: { readonly bucket: string | undefined; readonly key: string; readonly bytes: number };
}
