/** The signing port with the AWS SDK: S3 requests in, signed URLs and forms out. No request is sent. */
import type { S3Client } from "@aws-sdk/client-s3";
import { S3RequestPresigner } from "@aws-sdk/s3-request-presigner";
import { HttpRequest } from "@smithy/core/protocols";
import type { AwsCredentialIdentity } from "@smithy/types";
import { S3upError } from "../errors.ts";
import type { SignedRequest } from "../protocol/messages.ts";
import type { FormToSign, S3Request, SignedForm, Signer } from "../signing/signer.ts";
import { type BucketEndpoint, createEndpointResolver } from "./bucket-endpoint.ts";
import { signPostPolicy } from "./post-policy.ts";
import { createQuerySigner, encode, type RequestToSign } from "./query-signature.ts";
import { translateSdkError, withSdkErrors } from "./sdk-errors.ts";

/** Signature V4 in a query is good for seven days at most. */
export const MAX_LIFE_SECONDS = 7 * 24 * 60 * 60;

export interface SignerOptions {
  /** Supplies credentials, region and endpoint rules. Its own checksum settings do not matter: nothing is sent. */
  readonly client: S3Client;
  readonly now: () => Date;
}

/** @throws S3upError REGION_UNKNOWN */
export async function createSigner({ client, now }: SignerOptions): Promise<Signer> {
  const region = await regionOf(client);
  const endpointOf = createEndpointResolver(client);
  const signQuery = createQuerySigner();
  let signatures = 0;

  /** S3's time as the SDK last learned it; the machine's own clock before its first call. */
  const signingDate = () => new Date(now().getTime() + client.config.systemClockOffset);

  async function credentials(): Promise<AwsCredentialIdentity> {
    return withSdkErrors({ operation: "sign" }, () => client.config.credentials());
  }

  async function lifeFor(asked: number): Promise<{ readonly identity: AwsCredentialIdentity; readonly life: number }> {
    refuseBadLife(asked);
    const identity = await credentials();
    const left = secondsLeft(identity, signingDate());
    if (left !== undefined && left < 1) throw expired();
    return { identity, life: Math.min(asked, left ?? asked) };
  }

  async function sign(request: S3Request, expiresInSeconds: number): Promise<SignedRequest> {
    const { identity, life } = await lifeFor(expiresInSeconds);
    const endpoint = await endpointOf(request.bucket);
    const url = await signUrl(request, endpoint, identity, life, signingDate());
    return {
      method: request.method,
      url,
      headers: { ...request.headers },
      ...(request.contentLength === undefined ? {} : { contentLength: request.contentLength }),
      expiresIn: life,
    };
  }

  /** One is signed by the SDK's presigner; the thousands that an upload may need by its equal, which is quicker. */
  async function signUrl(
    request: S3Request,
    endpoint: BucketEndpoint,
    identity: AwsCredentialIdentity,
    expiresInSeconds: number,
    date: Date,
  ): Promise<string> {
    signatures += 1;
    if (signatures === 1) return urlOf(await presign(request, endpoint, identity, expiresInSeconds, date));
    const region = await regionFor(endpoint);
    return signQuery(requestToSign(request, endpoint), { identity, region, date, expiresInSeconds });
  }

  async function regionFor(endpoint: BucketEndpoint): Promise<string> {
    return endpoint.signingRegion ?? (await regionOf(client));
  }

  async function presign(
    request: S3Request,
    endpoint: BucketEndpoint,
    identity: AwsCredentialIdentity,
    expiresIn: number,
    date: Date,
  ) {
    const presigner = new S3RequestPresigner({
      ...presignerBase,
      credentials: identity,
      region: await regionFor(endpoint),
      sha256: client.config.sha256,
    });
    const unsigned = httpRequestOf(request, endpoint);
    const names = new Set([...Object.keys(unsigned.headers), "host"]);
    return presigner.presign(unsigned, {
      expiresIn,
      signingDate: date,
      signableHeaders: names,
      // Its own set, because the presigner adds to it.
      unhoistableHeaders: new Set(names),
    });
  }

  async function signForm(form: FormToSign, expiresInSeconds: number): Promise<SignedForm> {
    const { identity, life } = await lifeFor(expiresInSeconds);
    const endpoint = await endpointOf(form.bucket);
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
    credentialLife: async () => secondsLeft(await credentials(), signingDate()),
    region,
  };
}

const presignerBase = { service: "s3", uriEscapePath: false, applyChecksum: false } as const;

async function regionOf(client: S3Client): Promise<string> {
  try {
    return await client.config.region();
  } catch (error) {
    throw translateSdkError(error, { operation: "sign" });
  }
}

function httpRequestOf(request: S3Request, endpoint: BucketEndpoint): HttpRequest {
  const { method, protocol, path, query, headers } = requestToSign(request, endpoint);
  return new HttpRequest({
    method,
    protocol,
    hostname: endpoint.hostname,
    ...(endpoint.port === undefined ? {} : { port: endpoint.port }),
    path,
    query: { ...query },
    headers: { ...headers },
  });
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

function urlOf(signed: {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>>;
}): string {
  const port = signed.port === undefined ? "" : `:${signed.port}`;
  const query = Object.entries(signed.query ?? {}).map(([name, value]) => `${encode(name)}=${encode(String(value))}`);
  return `${signed.protocol}//${signed.hostname}${port}${signed.path}?${query.join("&")}`;
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
