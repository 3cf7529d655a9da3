import { describe, expect, test } from "vitest";
import { type AwsWishes, type ConfigSections, resolveAwsFacts } from "../../src/aws/aws-settings.ts";

type Environment = Readonly<Record<string, string>>;

const silent: AwsWishes = {
  profile: undefined,
  region: undefined,
  endpointUrl: undefined,
  pathStyle: undefined,
  bucket: "drop",
};
const local = "http://127.0.0.1:9000";

describe("region", () => {
  test.for<[string, Partial<AwsWishes>, Environment, ConfigSections, string]>([
    ["--region", { region: "a-1" }, { AWS_REGION: "b-1" }, { default: { region: "c-1" } }, "a-1"],
    ["AWS_REGION", {}, { AWS_REGION: "b-1", AWS_DEFAULT_REGION: "d-1" }, { default: { region: "c-1" } }, "b-1"],
    ["AWS_DEFAULT_REGION", {}, { AWS_DEFAULT_REGION: "d-1" }, { default: { region: "c-1" } }, "d-1"],
    ["the default profile", {}, {}, { default: { region: "c-1" } }, "c-1"],
    ["an empty variable is none", {}, { AWS_REGION: "" }, { default: { region: "c-1" } }, "c-1"],
    [
      "the profile that is named",
      { profile: "dev" },
      {},
      { default: { region: "c-1" }, dev: { region: "e-1" } },
      "e-1",
    ],
    ["the profile of AWS_PROFILE", {}, { AWS_PROFILE: "dev" }, { dev: { region: "e-1" } }, "e-1"],
    ["a server other than AWS needs none", { endpointUrl: local }, {}, {}, "us-east-1"],
    ["a server of the environment neither", {}, { AWS_ENDPOINT_URL_S3: local }, {}, "us-east-1"],
  ])("%s", ([, wishes, environment, sections, region]) => {
    expect(resolveAwsFacts({ ...silent, ...wishes }, environment, sections).region).toBe(region);
  });

  test.for<[string, Partial<AwsWishes>, string]>([
    ["none at all", {}, "It is not known in which region drop is."],
    ["one that cannot be", { region: "eu central" }, '"eu central" is no region.'],
  ])("%s is an error with a good value", ([, wishes, message]) => {
    expect(() => resolveAwsFacts({ ...silent, ...wishes }, {}, {})).toThrow(
      expect.objectContaining({
        code: "REGION_UNKNOWN",
        message,
        hint: expect.stringContaining("--region eu-central-1"),
      }),
    );
  });

  test("a profile that is nowhere is named", () => {
    const why = 'Neither --region nor AWS_REGION names one, and the AWS config file has no profile "nope".';
    expect(() => resolveAwsFacts({ ...silent, profile: "nope" }, {}, {})).toThrow(expect.objectContaining({ why }));
  });
});

describe("endpoint", () => {
  const services: ConfigSections = {
    default: { services: "local" },
    "services.local": { "s3.endpoint_url": "http://services.test" },
  };
  test.for<[string, Partial<AwsWishes>, Environment, ConfigSections, string | undefined]>([
    ["AWS itself", {}, {}, {}, undefined],
    ["--endpoint-url", { endpointUrl: local }, { AWS_ENDPOINT_URL_S3: "http://b.test" }, {}, local],
    [
      "AWS_ENDPOINT_URL_S3",
      {},
      { AWS_ENDPOINT_URL_S3: "http://b.test", AWS_ENDPOINT_URL: "http://c.test" },
      {},
      "http://b.test",
    ],
    [
      "AWS_ENDPOINT_URL",
      {},
      { AWS_ENDPOINT_URL: "http://c.test" },
      { default: { endpoint_url: "http://d.test" } },
      "http://c.test",
    ],
    ["the profile's services", {}, {}, services, "http://services.test"],
    ["the profile", {}, {}, { default: { endpoint_url: "http://d.test" } }, "http://d.test"],
    [
      "ignored when told so",
      {},
      { AWS_ENDPOINT_URL: "http://c.test", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" },
      {},
      undefined,
    ],
    [
      "not ignored when it was said",
      { endpointUrl: local },
      { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" },
      {},
      local,
    ],
  ])("%s", ([, wishes, environment, sections, endpoint]) => {
    const facts = resolveAwsFacts({ ...silent, region: "a-1", ...wishes }, environment, sections);
    expect(facts.endpoint).toBe(endpoint);
  });

  test("one that is no address names the settings to look at", () => {
    expect(() => resolveAwsFacts(silent, { AWS_ENDPOINT_URL: "localhost:9000" }, {})).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", hint: expect.stringContaining("AWS_ENDPOINT_URL") }),
    );
  });
});

describe("path style", () => {
  test.for<[string, Partial<AwsWishes>, ConfigSections, boolean]>([
    ["not for AWS", {}, {}, false],
    ["for an IPv4 address", { endpointUrl: local }, {}, true],
    ["for an IPv6 address", { endpointUrl: "http://[::1]:9000" }, {}, true],
    ["for localhost", { endpointUrl: "http://localhost:9000" }, {}, true],
    ["not for a name", { endpointUrl: "https://s3.example.com" }, {}, false],
    ["for a bucket with a dot", { bucket: "my.drop" }, {}, true],
    ["when it is said", { pathStyle: true }, { default: { "s3.addressing_style": "virtual" } }, true],
    ["when the profile says path", {}, { default: { "s3.addressing_style": "path" } }, true],
    [
      "not when the profile says virtual",
      { endpointUrl: local },
      { default: { "s3.addressing_style": "virtual" } },
      false,
    ],
    [
      "as usual when the profile says auto",
      { endpointUrl: local },
      { default: { "s3.addressing_style": "auto" } },
      true,
    ],
  ])("%s", ([, wishes, sections, pathStyle]) => {
    expect(resolveAwsFacts({ ...silent, region: "a-1", ...wishes }, {}, sections).pathStyle).toBe(pathStyle);
  });
});

describe("certificates", () => {
  test.for<[string, Environment, ConfigSections, string | undefined]>([
    ["the usual ones", {}, {}, undefined],
    ["AWS_CA_BUNDLE", { AWS_CA_BUNDLE: "/a.pem" }, { default: { ca_bundle: "/b.pem" } }, "/a.pem"],
    ["the profile's", {}, { default: { ca_bundle: "/b.pem" } }, "/b.pem"],
  ])("%s", ([, environment, sections, caBundle]) => {
    expect(resolveAwsFacts({ ...silent, region: "a-1" }, environment, sections).caBundle).toBe(caBundle);
  });
});
