/**
 * Where AWS settings come from, strongest first: what the user said to s3up, the environment, the profile in the AWS
 * config file. Reads what the JavaScript SDK overlooks: AWS_DEFAULT_REGION, AWS_CA_BUNDLE and the `s3 =` block.
 * https://docs.aws.amazon.com/cli/latest/topic/s3-config.html
 */
import { S3upError } from "../errors.ts";
import { regionInEndpoint } from "../signing/store-quirks.ts";

type Environment = Readonly<Record<string, string | undefined>>;
type Section = Readonly<Record<string, string | undefined>>;

/** Each `undefined` falls through to the environment and then to the AWS config file. */
export interface AwsWishes {
  readonly profile: string | undefined;
  readonly region: string | undefined;
  readonly endpointUrl: string | undefined;
  /** Undefined: decided by endpoint and bucket name. */
  readonly pathStyle: boolean | undefined;
  readonly bucket: string;
}

/** The sections of ~/.aws/config by name (`default`, `dev`, `services.local`), nested blocks as `s3.addressing_style`. */
export type ConfigSections = Readonly<Record<string, Section | undefined>>;

export interface AwsFacts {
  /** Undefined: whatever `default` says. */
  readonly profile: string | undefined;
  readonly region: string;
  /** Undefined: AWS itself. */
  readonly endpoint: string | undefined;
  readonly pathStyle: boolean;
  /** A file with certificates to trust. */
  readonly caBundle: string | undefined;
}

/** @throws S3upError REGION_UNKNOWN, CONFIG_INVALID */
export function resolveAwsFacts(wishes: AwsWishes, environment: Environment, sections: ConfigSections): AwsFacts {
  const of = (name: string) => environment[name] || undefined;
  const profile = profileOf(wishes.profile, environment);
  const known = sections[profile ?? "default"];
  const section = known ?? {};
  const missingProfile = known === undefined ? profile : undefined;
  const named = wishes.region ?? of("AWS_REGION") ?? of("AWS_DEFAULT_REGION") ?? section.region;
  const endpoint = endpointOf(wishes, environment, section, sections);

  return {
    profile,
    region: regionOf(named, endpoint, wishes.bucket, missingProfile),
    endpoint,
    pathStyle: wishes.pathStyle ?? pathStyleOf(section["s3.addressing_style"], endpoint, wishes.bucket),
    caBundle: caBundleOf(environment, section),
  };
}

/** @returns undefined for whatever `default` says */
export function profileOf(wish: string | undefined, environment: Environment): string | undefined {
  return wish ?? (environment.AWS_PROFILE || environment.AWS_DEFAULT_PROFILE || undefined);
}

/** @returns the path of a file with certificates to trust */
export function caBundleOf(environment: Environment, section: Section | undefined): string | undefined {
  return environment.AWS_CA_BUNDLE || section?.ca_bundle;
}

/** @throws S3upError CONFIG_INVALID for what is no URL */
export function endpointOf(
  wishes: Pick<AwsWishes, "endpointUrl">,
  environment: Environment,
  section: Section,
  sections: ConfigSections,
): string | undefined {
  const ignoresConfigured = /^true$/i.test(
    environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS ?? section.ignore_configured_endpoint_urls ?? "",
  );
  const services = sections[`services.${section.services ?? ""}`] ?? {};
  const configured = ignoresConfigured
    ? undefined
    : environment.AWS_ENDPOINT_URL_S3 ||
      environment.AWS_ENDPOINT_URL ||
      services["s3.endpoint_url"] ||
      section.endpoint_url ||
      undefined;
  const endpoint = wishes.endpointUrl ?? configured;
  if (endpoint === undefined || (URL.canParse(endpoint) && /^https?:/i.test(endpoint))) return endpoint;
  throw new S3upError("CONFIG_INVALID", `"${endpoint}" is no address of an S3 server.`, {
    why: "It is neither an http nor an https URL.",
    hint: "Correct AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL or endpoint_url in the AWS config file.",
  });
}

function regionOf(
  region: string | undefined,
  endpoint: string | undefined,
  bucket: string,
  missingProfile: string | undefined,
): string {
  if (region !== undefined && /^[a-z0-9-]{1,63}$/i.test(region)) return region;
  if (region !== undefined) {
    throw new S3upError("REGION_UNKNOWN", `"${region}" is no region.`, {
      why: "A region holds letters, digits and hyphens only.",
      hint: "Name one such as --region eu-central-1.",
    });
  }
  // Servers other than AWS take any region; this is the one that most of them expect.
  if (endpoint !== undefined) return regionInEndpoint(endpoint) ?? "us-east-1";
  throw new S3upError("REGION_UNKNOWN", `It is not known in which region ${bucket} is.`, {
    why:
      missingProfile === undefined
        ? "Neither --region nor AWS_REGION nor the profile in the AWS config file names one."
        : `Neither --region nor AWS_REGION names one, and the AWS config file has no profile "${missingProfile}".`,
    hint: "Add --region, such as --region eu-central-1.",
  });
}

/** A server known by an address has no names below it, and a dotted bucket name breaks the certificate of S3's hosts. */
function pathStyleOf(style: string | undefined, endpoint: string | undefined, bucket: string): boolean {
  if (style === "path") return true;
  if (style === "virtual") return false;
  return (endpoint !== undefined && isAddress(new URL(endpoint).hostname)) || bucket.includes(".");
}

function isAddress(hostname: string): boolean {
  return /^(\d{1,3}\.){3}\d{1,3}$/.test(hostname) || hostname.startsWith("[") || hostname === "localhost";
}
