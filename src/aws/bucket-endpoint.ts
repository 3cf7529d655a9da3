/** Where a bucket is reached: the SDK's own rules (virtual host, path style, partitions, dual stack, access points). */
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getEndpointFromInstructions } from "@smithy/core/endpoints";
import type { EndpointV2 } from "@smithy/types";
import { S3upError } from "../errors.ts";
import { translateSdkError } from "./sdk-errors.ts";

export interface BucketEndpoint {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number | undefined;
  readonly origin: string;
  /** Path before the key, without a slash at its end: empty for a virtual host, `/bucket` for path style. */
  readonly basePath: string;
  /** Undefined where the endpoint rules name none. */
  readonly signingRegion: string | undefined;
}

/** Asks the rules once per bucket: they cost more than a signature does. */
export function createEndpointResolver(client: S3Client): (bucket: string) => Promise<BucketEndpoint> {
  const known = new Map<string, Promise<BucketEndpoint>>();
  return async (bucket) => {
    // A bucket may turn out to be in another region than was thought.
    const place = `${await client.config.region().catch(() => "")} ${bucket}`;
    const earlier = known.get(place);
    if (earlier !== undefined) return earlier;
    const endpoint = resolveEndpoint(client, bucket);
    known.set(place, endpoint);
    // An endpoint that could not be resolved may be resolved later, for instance when a file has been repaired.
    endpoint.catch(() => known.delete(place));
    return endpoint;
  };
}

async function resolveEndpoint(client: S3Client, bucket: string): Promise<BucketEndpoint> {
  const { url, properties } = await endpointOf(client, bucket);
  const scheme = firstScheme(properties);
  refuseOtherSignatures(bucket, scheme?.name);
  return {
    protocol: url.protocol,
    hostname: url.hostname,
    port: url.port === "" ? undefined : Number(url.port),
    origin: url.origin,
    basePath: url.pathname.replace(/\/$/, ""),
    signingRegion: scheme?.signingRegion,
  };
}

async function endpointOf(client: S3Client, bucket: string): Promise<EndpointV2> {
  try {
    return await getEndpointFromInstructions({ Bucket: bucket, Key: "key" }, PutObjectCommand, {
      ...client.config,
    });
  } catch (error) {
    const translated = translateSdkError(error, { operation: "sign", bucket });
    if (translated instanceof S3upError) throw translated;
    throw new S3upError("USAGE", `There is no endpoint for the bucket ${bucket}.`, {
      why: translated.message,
      hint: "Check the bucket's name or ARN, the region and --endpoint-url.",
      cause: error,
    });
  }
}

interface AuthScheme {
  readonly name?: string;
  readonly signingRegion?: string;
}

function firstScheme(properties: EndpointV2["properties"]): AuthScheme | undefined {
  const schemes = properties?.authSchemes;
  return Array.isArray(schemes) ? (schemes[0] as AuthScheme | undefined) : undefined;
}

function refuseOtherSignatures(bucket: string, scheme: string | undefined): void {
  if (scheme === undefined || scheme === "sigv4") return;
  const kind = scheme === "sigv4-s3express" ? "a directory bucket" : "a multi-region access point";
  throw new S3upError("USAGE", `s3up cannot sign for ${bucket}: it is ${kind}.`, {
    why: `Its requests need another signature (${scheme}).`,
    hint: "Use a general purpose bucket, or a single-region access point.",
  });
}
