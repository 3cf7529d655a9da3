/** The answer of a presign endpoint -> what it signed, without the signature. */
import type { SignedUpload } from "../audit/endpoint-facts.ts";
import { readFormPolicy } from "../signing/form-policy.ts";
import { expiryOf, queryMember, readSignedUrl, type SignedUrl } from "../signing/signed-url.ts";
import { mayTravel } from "../upload/trust.ts";
import { readJson } from "./endpoint-errors.ts";

/** A signed address, for the one who sends to it; a bearer credential. */
export interface UploadAddress {
  readonly url: string;
  /** Lower-case names, as the endpoint says they must be sent. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ProbedUpload {
  readonly facts: SignedUpload;
  readonly address: UploadAddress;
}

/** Names under which endpoints hand out their address; the first is the article's. */
const addressMembers = ["uploadUrl", "url", "signedUrl", "presignedUrl", "uploadURL"] as const;
/** CRC32 and CRC32C of no bytes at all, CRC-64/NVME, SHA-1 and SHA-256 of it. */
const checksumsOfNothing = new Set([
  "AAAAAA==",
  "AAAAAAAAAAA=",
  "2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
  "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
]);

/** @returns undefined for an answer that signs nothing */
export function readProbedUpload(body: string, asked: SignedUpload["asked"], now: Date): ProbedUpload | undefined {
  const answer = readJson(body);
  if (!isObject(answer)) return undefined;
  const text = addressMembers.map((name) => answer[name]).find((value) => typeof value === "string");
  const url = text === undefined ? undefined : readSignedUrl(text);
  if (text === undefined || url === undefined) return undefined;
  const address = { url: text, headers: isTextRecord(answer.headers) ? answer.headers : {} };
  const facts = isTextRecord(answer.fields) ? ofForm(url, answer.fields, now) : ofUrl(url, now);
  return { facts: { asked, ...facts, secure: mayTravel(text) }, address };
}

type Signed = Omit<SignedUpload, "asked" | "secure">;

function ofUrl(url: SignedUrl, now: Date): Signed {
  const { signature } = url;
  const life = signature.version === 4 ? signature.expiresInSeconds : secondsUntil(expiryOf(signature), now);
  return {
    ...bucketOf(url),
    key: url.key,
    ...(signature.version === undefined ? {} : { signatureVersion: signature.version }),
    ...(life === undefined ? {} : { expiresInSeconds: life }),
    signedHeaders: signature.version === 4 ? signature.signedHeaders : [],
    queryChecksums: checksumsIn(url.query),
  };
}

function ofForm(url: SignedUrl, given: Readonly<Record<string, string>>, now: Date): Signed {
  const fields = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  const policy = readFormPolicy(fields.get("policy") ?? "");
  const life = secondsUntil(policy?.expiresAt, now);
  return {
    ...bucketOf(url),
    ...(policy?.bucket === undefined ? {} : { bucket: policy.bucket }),
    key: policy?.key?.value ?? fields.get("key") ?? "",
    ...(fields.has("x-amz-signature") ? { signatureVersion: 4 as const } : {}),
    ...(life === undefined ? {} : { expiresInSeconds: life }),
    signedHeaders: [...fields.keys()].filter((name) => !/^(policy|key|awsaccesskeyid|signature)$/.test(name)).sort(),
    queryChecksums: [],
    form: {
      openKey: policy?.key?.rule !== "exact",
      ...(policy?.sizes === undefined ? {} : { maxSize: policy.sizes.most }),
    },
  };
}

function bucketOf({ bucket }: SignedUrl): Pick<SignedUpload, "bucket"> {
  return bucket === undefined ? {} : { bucket };
}

function checksumsIn(query: SignedUrl["query"]): SignedUpload["queryChecksums"] {
  const names = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"].map((kind) => `x-amz-checksum-${kind}`);
  return names.flatMap((name) => {
    const value = queryMember(query, name);
    return value === undefined ? [] : [{ name, ofEmptyBody: checksumsOfNothing.has(value) }];
  });
}

/** To the minute for what ends at a time of day: the way of the answer may not change what is found. */
function secondsUntil(end: Date | undefined, now: Date): number | undefined {
  return end === undefined ? undefined : Math.round((end.getTime() - now.getTime()) / 60_000) * 60;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTextRecord(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every((entry) => typeof entry === "string");
}
