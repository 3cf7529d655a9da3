import { describe, expect, test } from "vitest";
import type { AwsService } from "../../src/audit/facet-access.ts";
import { type EndpointFacts, serviceEndpoint } from "../../src/aws/service-endpoints.ts";

const aws: EndpointFacts = { named: undefined, s3: undefined, profile: undefined, environment: {}, sections: {} };
const services: readonly AwsService[] = ["s3", "s3control", "iam", "lambda", "apigatewayv2", "sts"];
const local = "http://127.0.0.1:9000";

function where(service: AwsService, changes: Partial<EndpointFacts>): string {
  const endpoint = serviceEndpoint(service, { ...aws, ...changes });
  return endpoint.kind === "custom" ? endpoint.url : endpoint.kind;
}

test.for(services)("%s is at AWS where nobody says otherwise", (service) => {
  expect(where(service, {})).toBe("aws");
});

test.for(services)("%s is where --endpoint-url says", (service) => {
  expect(where(service, { named: local, s3: local })).toBe(local);
});

describe("one service by its own variable", () => {
  test.for<[AwsService, string]>([
    ["s3control", "AWS_ENDPOINT_URL_S3_CONTROL"],
    ["iam", "AWS_ENDPOINT_URL_IAM"],
    ["lambda", "AWS_ENDPOINT_URL_LAMBDA"],
    ["apigatewayv2", "AWS_ENDPOINT_URL_APIGATEWAYV2"],
    ["sts", "AWS_ENDPOINT_URL_STS"],
  ])("%s: %s, before --endpoint-url", ([service, variable]) => {
    expect(where(service, { environment: { [variable]: "http://own:1" }, named: local, s3: local })).toBe(
      "http://own:1",
    );
  });
});

describe("all services by one setting", () => {
  test("AWS_ENDPOINT_URL", () => {
    expect(where("iam", { environment: { AWS_ENDPOINT_URL: local }, s3: local })).toBe(local);
  });

  test("endpoint_url of the profile", () => {
    expect(where("iam", { profile: "dev", sections: { dev: { endpoint_url: local } }, s3: local })).toBe(local);
  });

  test("the services section of the profile, before that", () => {
    const sections = {
      default: { services: "local", endpoint_url: "http://other:1" },
      "services.local": { "iam.endpoint_url": local },
    };
    expect(where("iam", { sections, s3: local })).toBe(local);
  });

  test("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS leaves only what was said", () => {
    const environment = { AWS_ENDPOINT_URL: local, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" };
    expect(where("iam", { environment })).toBe("aws");
    expect(where("iam", { environment, named: "http://said:1", s3: "http://said:1" })).toBe("http://said:1");
  });
});

describe("where only S3 is somewhere else", () => {
  test("its control API is expected there too", () => {
    expect(where("s3control", { s3: local })).toBe(local);
  });

  test.for(["iam", "lambda", "apigatewayv2", "sts"] as const)("%s is not looked for at AWS", (service) => {
    expect(where(service, { s3: local })).toBe("unknown");
  });

  test.for(["https://bucket.vpce-1.s3.eu-central-1.vpce.amazonaws.com", "https://s3.cn-north-1.amazonaws.com.cn"])(
    "%s is AWS by another way",
    (s3) => {
      expect(where("iam", { s3 })).toBe("aws");
    },
  );
});

test("an address that is none is refused with the variable that may hold it", () => {
  expect(() => where("iam", { environment: { AWS_ENDPOINT_URL_IAM: "localhost:1" } })).toThrow(
    expect.objectContaining({ code: "CONFIG_INVALID", hint: expect.stringContaining("AWS_ENDPOINT_URL_IAM") }),
  );
});
