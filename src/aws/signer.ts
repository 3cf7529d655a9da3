/** The signing port: S3 requests in, signed URLs and forms out. No request is sent, and no SDK is needed. */
import type { AwsCredentialIdentity } from "@smithy/types";
import { S3upError } from "../errors.ts";
import type { SignedRequest } from "../protocol/messages.ts";
import type { FormToSign, S3Request, SignedForm, Signer } from "../signing/signer.ts";
import type { BucketEndpoint } from "./bucket-endpoint.ts";
import { signPostPolicy } from "./post-policy.ts";
import { createQuerySigner, encode, type RequestToSign } from "./query-signature.ts";

/** Signature V4 in a query is good for seven days at most. */
export const MAX_LIFE_SECONDS = 7 * 24 * 60 * 60;

/** For whom, where and at which time is signed; each is asked anew for each signature, since all may be learned better. */
export interface SigningPlace {
  /** @throws S3upError REGION_UNKNOWN */
  region(): Promise<string>;
  /** @throws S3upError CREDENTIALS_MISSING, CREDENTIALS_EXPIRED */
  credentials(): Promise<AwsCredentialIdentity>;
  /** Milliseconds from the machine's clock to S3's, as far as is known. */
  clockOffset(): number;
  /** @throws S3upError USAGE where there is none */
  endpointOf(bucket: string): Promise<BucketEndpoint>;
}

/** @throws S3upError REGION_UNKNOWN */
export async function createSignerAt(place: SigningPlace, now: () => Date): Promise<Signer> {
  const region = await place.region();
  const signQuery = createQuerySigner();

  const signingDate = () => new Date(now().getTime() + place.clockOffset());

  async function lifeFor(asked: number): Promise<{ readonly identity: AwsCredentialIdentity; readonly life: number }> {
    refuseBadLife(asked);
    const identity = await place.credentials();
    const left = secondsLeft(identity, signingDate());
    if (left !== undefined && left < 1) throw expired();
    return { identity, life: Math.min(asked, left ?? asked) };
  }

  async function sign(request: S3Request, expiresInSeconds: number): Promise<SignedRequest> {
    const { identity, life } = await lifeFor(expiresInSeconds);
    const endpoint = await place.endpointOf(request.bucket);
    const signing = { identity, region: await regionFor(endpoint), date: signingDate(), expiresInSeconds: life };
    return {
      method: request.method,
      url: signQuery(requestToSign(request, endpoint), signing),
      headers: { ...request.headers },
      ...(request.contentLength === undefined ? {} : { contentLength: request.contentLength }),
      expiresIn: life,
    };
  }

  async function regionFor(endpoint: BucketEndpoint): Promise<string> {
    return endpoint.signingRegion ?? place.region();
  }

  async function signForm(form: FormToSign, expiresInSeconds: number): Promise<SignedForm> {
    const { identity, life } = await lifeFor(expiresInSeconds);
    const endpoint = await place.endpointOf(form.bucket);
    const fields = signPostPolicy(form, {
      identity,
      region: await regionFor(endpoint),
      date: signingDate(),
      expiresInSeconds: life,
    });
    return { url: `${endpoint.origin}${endpoint.basePath}/`, fields, expiresIn: life };
  }

  return {
    sign,
    signForm,
    credentialLife: async () => secondsLeft(await place.credentials(), signingDate()),
    region,
  };
}

function requestToSign(request: S3Request, endpoint: BucketEndpoint): RequestToSign {
  const length = request.contentLength === undefined ? {} : { "content-length": String(request.contentLength) };
  return {
    method: request.method,
    protocol: endpoint.protocol,
    host: endpoint.port === undefined ? endpoint.hostname : `${endpoint.hostname}:${endpoint.port}`,
    path: `${endpoint.basePath}/${encodeKey(request.key)}`,
    query: request.query,
    headers: { ...request.headers, ...length },
  };
}

/** S3's own encoding: everything but unreserved characters, a slash stays a slash. */
function encodeKey(key: string): string {
  return key.split("/").map(encode).join("/");
}

function secondsLeft(identity: AwsCredentialIdentity, date: Date): number | undefined {
  if (identity.expiration === undefined) return undefined;
  return Math.floor((identity.expiration.getTime() - date.getTime()) / 1000);
}

function refuseBadLife(seconds: number): void {
  if (Number.isSafeInteger(seconds) && seconds >= 1 && seconds <= MAX_LIFE_SECONDS) return;
  throw new S3upError("USAGE", `A presigned URL cannot live for ${seconds} seconds.`, {
    why: "Signature V4 allows one second to seven days (604800 seconds).",
    hint: "Choose a shorter life, such as --expires-in 15m.",
  });
}

function expired(): S3upError {
  return new S3upError("CREDENTIALS_EXPIRED", "The AWS credentials have expired.", {
    why: "A URL that they sign would be refused from the first second.",
    hint: "Sign in again, for instance with `aws sso login`, and run the same command.",
  });
}
