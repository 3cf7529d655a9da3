import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Facet } from "../../src/audit/facets.ts";
import { liveSourceAt, useKeys } from "../support/live-source.ts";
import {
  account,
  type Script,
  type ScriptedAws,
  startScriptedAws,
  wrappedRefusal,
  xml,
} from "../support/scripted-aws.ts";

let aws: ScriptedAws;
beforeAll(async () => {
  aws = await startScriptedAws();
});
afterAll(() => aws.close());
beforeEach(() => useKeys());
afterEach(() => aws.reset());

async function readPoints(script: Script) {
  aws.script(script);
  const source = await liveSourceAt(aws.endpoint, { accountId: account });
  try {
    const { facets } = await source.read(
      { name: "drop" },
      new Set<Facet>(["accessPoints"]),
      new AbortController().signal,
    );
    return facets.accessPoints;
  } finally {
    source.close();
  }
}

function listed(names: readonly string[], next = ""): ReturnType<typeof xml> {
  const points = names.map(
    (name) =>
      `<AccessPoint><Name>${name}</Name><NetworkOrigin>Internet</NetworkOrigin><Bucket>drop</Bucket></AccessPoint>`,
  );
  const token = next === "" ? "" : `<NextToken>${next}</NextToken>`;
  return xml(
    `<ListAccessPointsResult><AccessPointList>${points.join("")}</AccessPointList>${token}</ListAccessPointsResult>`,
  );
}

const flags = "<RestrictPublicBuckets>true</RestrictPublicBuckets><IgnorePublicAcls>true</IgnorePublicAcls>";
const described = xml(
  `<GetAccessPointResult><Name>web</Name><PublicAccessBlockConfiguration>${flags}</PublicAccessBlockConfiguration></GetAccessPointResult>`,
);
const policyOf = (text: string) =>
  xml(`<GetAccessPointPolicyResult><Policy>${text}</Policy></GetAccessPointPolicyResult>`);

describe("access points", () => {
  test("come with policy and public access block, from all pages", async () => {
    const points = await readPoints(({ name, parameters }) => {
      if (name === "s3control /accesspoint") {
        return parameters.get("nextToken") === "2" ? listed(["office"]) : listed(["web"], "2");
      }
      if (name === "s3control /accesspoint/web") return described;
      if (name === "s3control /accesspoint/office")
        return xml("<GetAccessPointResult><Name>office</Name></GetAccessPointResult>");
      if (name === "s3control /accesspoint/web/policy") return policyOf('{"Statement":[]}');
      return wrappedRefusal(404, "NoSuchAccessPointPolicy");
    });
    expect(points).toEqual({
      state: "present",
      value: [
        {
          Name: "web",
          NetworkOrigin: "Internet",
          PublicAccessBlockConfiguration: { RestrictPublicBuckets: true, IgnorePublicAcls: true },
          Policy: { Statement: [] },
        },
        { Name: "office", NetworkOrigin: "Internet" },
      ],
    });
  });

  test("are those of the bucket and its account", async () => {
    await readPoints(() => listed([]));
    expect(aws.calls.map(({ parameters }) => parameters.get("bucket"))).toEqual(["drop"]);
  });

  test("that are not there are none", async () => {
    expect(await readPoints(() => listed([]))).toEqual({ state: "absent" });
  });

  test.for([
    ["s3control /accesspoint", "s3:ListAccessPoints"],
    ["s3control /accesspoint/web", "s3:GetAccessPoint"],
    ["s3control /accesspoint/web/policy", "s3:GetAccessPointPolicy"],
  ] as const)("stay unread without %s, and the reason names %s", async ([refused, action]) => {
    const points = await readPoints(({ name }) => {
      if (name === refused) return wrappedRefusal(403, "AccessDenied");
      if (name === "s3control /accesspoint") return listed(["web"]);
      return name.endsWith("/policy") ? policyOf("{}") : described;
    });
    expect(points).toEqual({ state: "unreadable", reason: `AccessDenied (${action})` });
  });

  test("more than can be read in reason stay unread", async () => {
    const names = Array.from({ length: 101 }, (_, index) => `point-${index}`);
    expect(await readPoints(() => listed(names))).toEqual({
      state: "unreadable",
      reason: "more than 100 access points",
    });
    expect(aws.calls).toHaveLength(1);
  });
});
