/**
 * The port through which anything in s3up gets a request signed. The one implementation is `aws/signer.ts`;
 * its contract is proved in `test/contract/signer.ts`.
 */
import type { SignedRequest } from "../protocol/messages.ts";

/** One S3 request, complete but for the signature. What is not in it cannot end up in a URL. */
export interface S3Request {
  readonly method: SignedRequest["method"];
  readonly bucket: string;
  readonly key: string;
  /** Query members such as `uploadId`, `partNumber`; never a checksum. */
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names. Every one is signed as a header (never hoisted into the query) and must be sent as it stands. */
  readonly headers: Readonly<Record<string, string>>;
  /** Exact bytes of the body; signed as `content-length` when given. */
  readonly contentLength?: number;
}

/** A browser form: S3 checks every field against the signed policy. */
export interface FormToSign {
  readonly bucket: string;
  readonly key: string;
  /** Exact-match fields such as `Content-Type`; each becomes a condition. */
  readonly fields: Readonly<Record<string, string>>;
  readonly minSize: number;
  readonly maxSize: number;
}

export interface SignedForm {
  readonly url: string;
  /** In the order in which they are to be sent, before the field `file`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly expiresIn: number;
}

export interface Signer {
  /** Signs with Signature V4 in the query. `expiresIn` of the answer is never longer than the credentials live. */
  sign(request: S3Request, expiresInSeconds: number): Promise<SignedRequest>;
  signForm(form: FormToSign, expiresInSeconds: number): Promise<SignedForm>;
  /** Seconds that the signing credentials still live, or undefined when they do not expire. */
  credentialLife(): Promise<number | undefined>;
  readonly region: string;
}
