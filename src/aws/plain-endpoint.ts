/**
 * Where an ordinary bucket is reached, without the SDK's endpoint rules, which take long to load. What they say of such a
 * bucket is repeated here (test/aws/plain-endpoint.test.ts asks both); all that is not ordinary is left to them: ARNs and
 * aliases, directory buckets, FIPS and dual stack, partitions besides `aws`.
 */
import type { AwsFacts } from "./aws-settings.ts";
import type { BucketEndpoint } from "./bucket-endpoint.ts";

/** Regions of the partition `aws`; those of others have other domains. */
const ordinaryRegion =
  /^(af|ap|ca|eu|il|me|mx|sa|us)-(north|south|east|west|central|northeast|northwest|southeast|southwest)-\d$/;
const ordinaryBucket = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Ends of names that mean something else, and whatever an address may be. */
const otherBucket = /--|-s3alias$|\.\.|\.-|-\.|^\d+\.\d+\.\d+\.\d+$/;

export type PlaceFacts = Pick<AwsFacts, "region" | "endpoint" | "pathStyle">;

/** Undefined where the rules have to be asked. */
export function plainEndpoint(bucket: string, { region, endpoint, pathStyle }: PlaceFacts): BucketEndpoint | undefined {
  if (!ordinaryBucket.test(bucket) || otherBucket.test(bucket)) return undefined;
  if (bucket.includes(".") && !pathStyle) return undefined;
  if (endpoint === undefined) {
    if (!ordinaryRegion.test(region)) return undefined;
    return endpointAt(new URL(`https://s3.${region}.amazonaws.com`), bucket, { region, pathStyle });
  }
  const url = new URL(endpoint);
  if (url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "") return undefined;
  if (isAmazons.test(url.hostname) || (!pathStyle && !isName.test(url.hostname))) return undefined;
  return endpointAt(url, bucket, { region, pathStyle });
}

const isAmazons = /(^|\.)(amazonaws\.com(\.cn)?|api\.aws)$/;
/** No address, below which there are no names. */
const isName = /^(?=.*[a-z])[a-z0-9-]+(\.[a-z0-9-]+)*$/;

function endpointAt(
  { protocol, hostname, port, host, origin, pathname }: URL,
  bucket: string,
  { region, pathStyle }: Pick<PlaceFacts, "region" | "pathStyle">,
): BucketEndpoint {
  const path = pathname.replace(/\/+$/, "");
  return {
    protocol,
    hostname: pathStyle ? hostname : `${bucket}.${hostname}`,
    port: port === "" ? undefined : Number(port),
    origin: pathStyle ? origin : `${protocol}//${bucket}.${host}`,
    basePath: pathStyle ? `${path}/${bucket}` : path,
    signingRegion: region,
  };
}

/** True where the settings ask for hosts besides the ordinary ones. */
export function wantsOtherHosts(
  environment: Readonly<Record<string, string | undefined>>,
  section: Readonly<Record<string, string | undefined>> | undefined,
): boolean {
  return [
    environment.AWS_USE_DUALSTACK_ENDPOINT,
    environment.AWS_USE_FIPS_ENDPOINT,
    section?.use_dualstack_endpoint,
    section?.use_fips_endpoint,
  ].some((setting) => setting !== undefined && setting !== "" && setting !== "false");
}
