/** What is said of ordinary buckets without the SDK's endpoint rules, beside what those say. */
import { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { createEndpointResolver } from "../../src/aws/bucket-endpoint.ts";
import { type PlaceFacts, plainEndpoint, wantsOtherHosts } from "../../src/aws/plain-endpoint.ts";

const ireland: PlaceFacts = { region: "eu-west-1", endpoint: undefined, pathStyle: false };

function rulesSay(bucket: string, { region, endpoint, pathStyle }: PlaceFacts) {
  const client = new S3Client({ region, forcePathStyle: pathStyle, ...(endpoint === undefined ? {} : { endpoint }) });
  return createEndpointResolver(client)(bucket);
}

type Place = readonly [sentence: string, bucket: string, facts?: Partial<PlaceFacts>];

describe("as the rules have it", () => {
  test.for<Place>([
    ["a bucket", "drop"],
    ["with digits and hyphens", "0-my-drop-1"],
    ["of the shortest name", "abc"],
    ["of the longest", "a".repeat(63)],
    ["in path style", "drop", { pathStyle: true }],
    ["with dots, in path style", "a.b.example.com", { pathStyle: true }],
    ...[
      "us-east-1",
      "us-west-2",
      "eu-central-1",
      "ap-southeast-2",
      "sa-east-1",
      "ca-west-1",
      "me-central-1",
      "il-central-1",
    ].map((region): Place => [`in ${region}`, "drop", { region }]),
    ["at a server with a name", "drop", { endpoint: "https://s3.example.com" }],
    ["at one with a port", "drop", { endpoint: "http://minio.internal:9000" }],
    ["at one with the usual port", "drop", { endpoint: "https://s3.example.com:443/" }],
    ["below a path", "drop", { endpoint: "https://s3.example.com/storage/" }],
    ["below a path, in path style", "drop", { endpoint: "https://s3.example.com/storage/a", pathStyle: true }],
    ["at an address", "drop", { endpoint: "http://127.0.0.1:9000", pathStyle: true }],
    ["at an address of IPv6", "drop", { endpoint: "http://[::1]:9000", pathStyle: true }],
    ["at localhost", "drop", { endpoint: "http://localhost:9000", pathStyle: true }],
    ["at R2", "drop", { endpoint: "https://abc.r2.cloudflarestorage.com", region: "auto" }],
    ["with dots at a server, in path style", "a.b", { endpoint: "https://s3.example.com", pathStyle: true }],
  ])("%s", async ([, bucket, facts]) => {
    const place = { ...ireland, ...facts };
    const plain = plainEndpoint(bucket, place);
    expect(plain).toBeDefined();
    expect(plain).toEqual(await rulesSay(bucket, place));
  });
});

describe("left to the rules", () => {
  test.for<Place>([
    ["an ARN", "arn:aws:s3:eu-west-1:111122223333:accesspoint/ap"],
    ["the alias of an access point", "ap-metadata-s3alias"],
    ["that of an Outpost", "ap-o0123--op-s3"],
    ["a directory bucket", "drop--euw1-az1--x-s3"],
    ["an address as a name", "192.168.0.1", { pathStyle: true }],
    ["capitals, as buckets of long ago have", "Drop", { pathStyle: true }],
    ["dots in a host", "a.b"],
    ["China", "drop", { region: "cn-north-1" }],
    ["the government's regions", "drop", { region: "us-gov-west-1" }],
    ["a pseudo region", "drop", { region: "aws-global" }],
    ["FIPS in the region's name", "drop", { region: "fips-us-east-1" }],
    ["an address without path style", "drop", { endpoint: "http://127.0.0.1:9000" }],
    ["a host of AWS as the endpoint", "drop", { endpoint: "https://s3.eu-west-1.amazonaws.com" }],
    ["a query in the endpoint", "drop", { endpoint: "https://s3.example.com/?a=b", pathStyle: true }],
    ["a name and password in the endpoint", "drop", { endpoint: "https://a:b@s3.example.com", pathStyle: true }],
  ])("%s", ([, bucket, facts]) => {
    expect(plainEndpoint(bucket, { ...ireland, ...facts })).toBeUndefined();
  });

  test.for([
    ["dual stack of the environment", { AWS_USE_DUALSTACK_ENDPOINT: "true" }, {}, true],
    ["FIPS of the environment", { AWS_USE_FIPS_ENDPOINT: "true" }, {}, true],
    ["dual stack of the profile", {}, { use_dualstack_endpoint: "true" }, true],
    ["FIPS of the profile", {}, { use_fips_endpoint: "true" }, true],
    ["what nobody understands, for the SDK to refuse", { AWS_USE_FIPS_ENDPOINT: "yes" }, {}, true],
    ["neither", { AWS_USE_FIPS_ENDPOINT: "false", AWS_USE_DUALSTACK_ENDPOINT: "" }, undefined, false],
  ] as const)("%s", ([, environment, section, other]) => {
    expect(wantsOtherHosts(environment, section)).toBe(other);
  });
});
