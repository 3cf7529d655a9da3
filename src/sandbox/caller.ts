/** A pair of keys that the sandbox knows, and on whose behalf they act. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials: must come with every request. */
  readonly sessionToken?: string;
  readonly accountId: string;
  readonly userArn: string;
  /** From then on requests are answered with ExpiredToken. */
  readonly expiresAt?: Date;
}

/** How the body is tied to the signature; `verified-body.ts` acts on it. */
export type Payload =
  | { readonly kind: "unsigned" }
  /** What the client sent as `x-amz-content-sha256`: hex, though maybe in capitals, and maybe no hash at all. */
  | { readonly kind: "sha256"; readonly claimed: string }
  /** aws-chunked, without signatures of chunks; a trailer may carry a checksum. */
  | { readonly kind: "unsigned-chunks" }
  /** aws-chunked, each chunk signed on top of the one before it, and then the trailer when `trailer` is true. */
  | { readonly kind: "signed-chunks"; readonly trailer: boolean; readonly chain: ChunkChain };

/** What the signature of the first chunk is calculated from. */
export interface ChunkChain {
  readonly accessKeyId: string;
  readonly signingKey: Uint8Array;
  /** `20130524T000000Z` */
  readonly timestamp: string;
  /** `20130524/us-east-1/s3/aws4_request` */
  readonly scope: string;
  /** The signature of the request's headers. */
  readonly seedSignature: string;
  /** S3 shows it, with the string to sign, when a chunk's signature is wrong. */
  readonly canonicalRequest: string;
}

export type Caller =
  | { readonly kind: "anonymous"; readonly payload: Payload }
  | {
      readonly kind: "signed";
      readonly via: "header" | "query" | "form";
      readonly key: AccessKey;
      readonly payload: Payload;
      /** The time that the client wrote into the signature: `s3:signatureAge` counts from it. */
      readonly signedAt: Date;
      /** Lower-case names; empty for a form. */
      readonly signedHeaders: readonly string[];
    };

export interface AuthenticationContext {
  readonly region: string;
  readonly keys: (accessKeyId: string) => AccessKey | undefined;
  readonly now: Date;
}
