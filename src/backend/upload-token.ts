/**
 * The upload token: all that later calls may rely on, signed, so that the backend keeps no state and believes no size or
 * key of a request body. Whoever has it can go on with that one upload.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import * as v from "valibot";
import { type ChecksumAlgorithm, checksumAlgorithms } from "../protocol/messages.ts";
import { layoutParts, type PartLayout } from "../signing/part-layout.ts";
import { Refusal } from "../signing/refusal.ts";

export interface UploadClaims {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
  readonly size: number;
  readonly partSize: number;
  readonly contentType: string;
  readonly checksumAlgorithm: ChecksumAlgorithm;
  /** True when complete must refuse an existing object. */
  readonly oneTime: boolean;
  readonly subjectHash: string | undefined;
  /** Seconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

const MAX_TOKEN_LENGTH = 8192;
const field = { field: "uploadToken" };

const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
/** Short names: the token travels with every call. */
const claimsSchema = v.object({
  b: v.string(),
  k: v.string(),
  u: v.string(),
  s: wholeNumber,
  p: wholeNumber,
  t: v.string(),
  a: v.picklist(checksumAlgorithms),
  o: v.boolean(),
  sub: v.optional(v.string()),
  iat: wholeNumber,
  exp: wholeNumber,
});

export function signUploadToken(claims: UploadClaims, secret: string): string {
  const payload = Buffer.from(
    JSON.stringify({
      b: claims.bucket,
      k: claims.key,
      u: claims.uploadId,
      s: claims.size,
      p: claims.partSize,
      t: claims.contentType,
      a: claims.checksumAlgorithm,
      o: claims.oneTime,
      sub: claims.subjectHash,
      iat: claims.issuedAt,
      exp: claims.expiresAt,
    } satisfies v.InferInput<typeof claimsSchema>),
  ).toString("base64url");
  return `${payload}.${macOf(payload, secret).toString("base64url")}`;
}

export interface TokenCheck {
  /** Current and previous. */
  readonly secrets: readonly string[];
  readonly bucket: string;
  readonly subjectHash: string | undefined;
  readonly now: Date;
}

/** @throws Refusal invalid_token, token_expired, token_subject_mismatch */
export function readUploadToken(token: string, check: TokenCheck): UploadClaims {
  const claims = claimsOf(verifiedPayload(token, check.secrets));
  if (claims.bucket !== check.bucket) throw new Refusal("invalid_token", "The token is for another bucket.", field);
  if (claims.subjectHash !== check.subjectHash) {
    throw new Refusal("token_subject_mismatch", "The token was given to another caller.", field);
  }
  if (check.now.getTime() >= claims.expiresAt * 1000) {
    throw new Refusal("token_expired", "The token has expired; begin the upload again.", field);
  }
  return claims;
}

/** The parts of the upload that a token stands for. */
export function layoutOf({ size, partSize }: UploadClaims): PartLayout {
  return layoutParts(size, partSize);
}

function verifiedPayload(token: string, secrets: readonly string[]): string {
  const [, payload, mac] = (token.length <= MAX_TOKEN_LENGTH && /^([\w-]+)\.([\w-]{43})$/.exec(token)) || [];
  if (payload === undefined || mac === undefined) throw invalid();
  const given = Buffer.from(mac, "base64url");
  // Canonical text only: the last digit of the MAC has bits that a decoder ignores.
  if (given.toString("base64url") !== mac) throw invalid();
  if (!secrets.some((secret) => timingSafeEqual(given, macOf(payload, secret)))) throw invalid();
  return payload;
}

function claimsOf(payload: string): UploadClaims {
  const parsed = v.safeParse(claimsSchema, JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
  // Signed by us, so only a token of another version ends here.
  if (!parsed.success) throw invalid();
  const { b, k, u, s, p, t, a, o, sub, iat, exp } = parsed.output;
  return {
    bucket: b,
    key: k,
    uploadId: u,
    size: s,
    partSize: p,
    contentType: t,
    checksumAlgorithm: a,
    oneTime: o,
    subjectHash: sub,
    issuedAt: iat,
    expiresAt: exp,
  };
}

function macOf(payload: string, secret: string): Buffer {
  // The prefix keeps this MAC apart from any other use of the secret.
  return createHmac("sha256", secret).update(`s3up-upload-token\n${payload}`).digest();
}

function invalid(): Refusal {
  return new Refusal("invalid_token", "The upload token is not one of this endpoint's.", field);
}
