/**
 * Where each service of AWS is reached. The names of the variables and sections are the SDK's:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
import type { AwsService } from "../audit/facet-access.ts";
import { S3upError } from "../errors.ts";
import type { ConfigSections } from "./aws-settings.ts";

export interface EndpointFacts {
  /** What `--endpoint-url` said. */
  readonly named: string | undefined;
  /** Of S3, from whatever source; undefined: AWS itself. */
  readonly s3: string | undefined;
  readonly profile: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly sections: ConfigSections;
}

/** `unknown`: S3 is another server than AWS, and nobody said whether that server has this service. */
export type ServiceEndpoint =
  | { readonly kind: "aws" }
  | { readonly kind: "custom"; readonly url: string }
  | { readonly kind: "unknown"; readonly variable: string };

const variables: Readonly<Record<AwsService, string>> = {
  s3: "S3",
  s3control: "S3_CONTROL",
  iam: "IAM",
  lambda: "LAMBDA",
  apigatewayv2: "APIGATEWAYV2",
  sts: "STS",
};

/** @throws S3upError CONFIG_INVALID for an address that is none */
export function serviceEndpoint(service: AwsService, facts: EndpointFacts): ServiceEndpoint {
  const variable = `AWS_ENDPOINT_URL_${variables[service]}`;
  if (service === "s3") return facts.s3 === undefined ? { kind: "aws" } : { kind: "custom", url: facts.s3 };

  const configured = configuredEndpoint(service, variable, facts);
  if (configured !== undefined) return { kind: "custom", url: checked(configured, variable) };
  if (facts.s3 === undefined || isOfAws(facts.s3)) return { kind: "aws" };
  // Servers that imitate S3 have its control API at the same address, or not at all.
  return service === "s3control" ? { kind: "custom", url: facts.s3 } : { kind: "unknown", variable };
}

function configuredEndpoint(service: AwsService, variable: string, facts: EndpointFacts): string | undefined {
  const { environment, sections, named, profile } = facts;
  const section = sections[profile ?? "default"] ?? {};
  const ignored = environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS ?? section.ignore_configured_endpoint_urls ?? "";
  if (/^true$/i.test(ignored)) return named;

  const ofServices = sections[`services.${section.services ?? ""}`] ?? {};
  return (
    environment[variable] ||
    named ||
    environment.AWS_ENDPOINT_URL ||
    ofServices[`${variables[service].toLowerCase()}.endpoint_url`] ||
    section.endpoint_url ||
    undefined
  );
}

/** An interface endpoint in one's own VPC, for instance. */
function isOfAws(endpoint: string): boolean {
  return /\.(amazonaws\.com(\.cn)?|api\.aws)$/.test(new URL(endpoint).hostname);
}

function checked(url: string, variable: string): string {
  if (URL.canParse(url) && /^https?:/i.test(url)) return url;
  throw new S3upError("CONFIG_INVALID", `"${url}" is no address of a server.`, {
    why: "It is neither an http nor an https URL.",
    hint: `Correct ${variable}, AWS_ENDPOINT_URL or endpoint_url in the AWS config file.`,
  });
}
