import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { facets } from "../../src/audit/facet-access.ts";
import type { Facet } from "../../src/audit/facets.ts";
import type { BucketSnapshot } from "../../src/audit/snapshot.ts";
import type { BucketRef } from "../../src/audit/source.ts";
import { bucketFacets } from "../../src/aws/bucket-reader.ts";
import type { LiveWishes } from "../../src/aws/live-source.ts";
import { liveSourceAt, useKeys } from "../support/live-source.ts";
import {
  type AwsCall,
  account,
  json,
  queryAnswer,
  type Script,
  type ScriptedAws,
  s3Refusal,
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

const everything = new Set(facets);
/** What the bucket, the account and the access points answer. */
const elsewhere: ReadonlySet<Facet> = new Set(["signer", "endpoint", "change"]);
const ofBucket: ReadonlySet<Facet> = new Set(facets.filter((facet) => !elsewhere.has(facet)));

interface Reading {
  readonly script?: Script;
  readonly needed?: ReadonlySet<Facet>;
  readonly wishes?: Partial<LiveWishes>;
  readonly bucket?: BucketRef;
}

async function read({
  script,
  needed = ofBucket,
  wishes,
  bucket = { name: "drop" },
}: Reading): Promise<BucketSnapshot> {
  if (script !== undefined) aws.script(script);
  const source = await liveSourceAt(aws.endpoint, wishes);
  try {
    return await source.read(bucket, needed, new AbortController().signal);
  } finally {
    source.close();
  }
}

function s3Calls(): readonly AwsCall[] {
  return aws.calls.filter(({ name }) => name.startsWith("s3 "));
}

describe("how much is asked", () => {
  test("a bucket is read two round trips deep: all that does not wait for an answer is under way at once", async () => {
    aws.holdUntil(2, 14);
    const snapshot = await read({});
    expect(
      aws.calls
        .slice(0, 2)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(["s3 publicAccessBlock", "sts GetCallerIdentity"]);
    expect(aws.calls).toHaveLength(16);
    expect([...ofBucket].filter((facet) => snapshot.facets[facet].state === "unreadable")).toEqual([]);
  });

  test("with function, role, one inline and one managed policy it takes 25 calls at most", async () => {
    const document = encodeURIComponent('{"Version":"2012-10-17","Statement":[]}');
    const script: Script = ({ name }) => {
      const role = `arn:aws:iam::${account}:role/signer`;
      switch (name) {
        case "lambda /configuration":
          return json({ FunctionName: "signer", Role: role });
        case "iam GetRole":
          return queryAnswer(
            "GetRole",
            `<Role><Arn>${role}</Arn><AssumeRolePolicyDocument>${document}</AssumeRolePolicyDocument></Role>`,
          );
        case "iam ListRolePolicies":
          return queryAnswer(
            "ListRolePolicies",
            "<PolicyNames><member>inline</member></PolicyNames><IsTruncated>false</IsTruncated>",
          );
        case "iam GetRolePolicy":
          return queryAnswer("GetRolePolicy", `<PolicyDocument>${document}</PolicyDocument>`);
        case "iam ListAttachedRolePolicies":
          return queryAnswer(
            "ListAttachedRolePolicies",
            "<AttachedPolicies><member><PolicyName>logs</PolicyName><PolicyArn>arn:aws:iam::aws:policy/logs</PolicyArn></member></AttachedPolicies>",
          );
        case "iam GetPolicy":
          return queryAnswer("GetPolicy", "<Policy><DefaultVersionId>v3</DefaultVersionId></Policy>");
        case "iam GetPolicyVersion":
          return queryAnswer("GetPolicyVersion", `<PolicyVersion><Document>${document}</Document></PolicyVersion>`);
        default:
          return undefined;
      }
    };
    const snapshot = await read({
      script,
      needed: everything,
      wishes: { signer: { functionName: "signer", role: undefined } },
    });
    const unreadable = Object.entries(snapshot.facets).filter(([, { state }]) => state === "unreadable");
    // What a change takes away only a plan can tell.
    expect(unreadable.map(([facet]) => facet)).toEqual(["change"]);
    expect(snapshot.facets.signer).toMatchObject({ state: "present" });
    expect(aws.calls.length).toBeLessThanOrEqual(25);
  });

  test("only what is needed is asked; the rest is unread, not absent", async () => {
    const snapshot = await read({ needed: new Set<Facet>(["cors"]) });
    expect(aws.calls.map(({ name }) => name).toSorted()).toEqual(["s3 cors", "sts GetCallerIdentity"]);
    expect(snapshot.facets.cors).toEqual({ state: "absent" });
    expect(snapshot.facets.policy).toEqual({ state: "unreadable", reason: "NotRead" });
  });

  test("account, its public access block and the signer are asked for once for all buckets", async () => {
    const source = await liveSourceAt(aws.endpoint);
    const { signal } = new AbortController();
    await Promise.all(["a", "b", "c"].map((name) => source.read({ name }, ofBucket, signal)));
    const once = aws.calls.filter(({ name }) => name === "sts GetCallerIdentity" || name.includes("/configuration/"));
    expect(once.map(({ name }) => name).toSorted()).toEqual([
      "s3control /configuration/publicAccessBlock",
      "sts GetCallerIdentity",
    ]);
    source.close();
  });

  test("nobody is asked whose account it is when the user said so", async () => {
    const snapshot = await read({ wishes: { accountId: "999988887777" } });
    expect(aws.calls.some(({ name }) => name.startsWith("sts"))).toBe(false);
    expect(snapshot.accountId).toBe("999988887777");
  });
});

describe("whose bucket it is", () => {
  test("every read but the one that finds the bucket names the owner", async () => {
    await read({});
    const [first, ...others] = s3Calls();
    expect(first?.owner).toBeUndefined();
    expect(new Set(others.map(({ owner }) => owner))).toEqual(new Set([account]));
  });

  test("a read that is the only one names the owner too", async () => {
    await read({ needed: new Set<Facet>(["policy"]) });
    expect(s3Calls().map(({ owner }) => owner)).toEqual([account]);
  });

  test("a bucket of another account is told from missing rights by asking once more", async () => {
    const snapshot = await read({
      script: ({ name, owner }) =>
        name.startsWith("s3 ") && owner !== undefined ? s3Refusal(403, "AccessDenied") : undefined,
    });
    const reasons = [...ofBucket].map((facet) => snapshot.facets[facet]);
    expect(new Set(reasons.map((reading) => JSON.stringify(reading)))).toEqual(
      new Set(['{"state":"unreadable","reason":"BucketOfAnotherAccount"}']),
    );
  });

  test("somebody who may read one setting only is not told that the bucket is another's", async () => {
    const script: Script = ({ name }) =>
      name.startsWith("s3 ") && name !== "s3 publicAccessBlock" ? s3Refusal(403, "AccessDenied") : undefined;
    const { facets: read_ } = await read({ script });
    expect(read_.publicAccessBlock).toEqual({ state: "absent" });
    expect(read_.policy).toEqual({ state: "unreadable", reason: "AccessDenied" });
  });

  test("where the account cannot be found out, no owner is named and what needs it stays unread", async () => {
    const snapshot = await read({
      script: ({ name }) => (name.startsWith("sts") ? wrappedRefusal(403, "AccessDenied") : undefined),
    });
    expect(new Set(s3Calls().map(({ owner }) => owner))).toEqual(new Set([undefined]));
    expect(snapshot.accountId).toBeUndefined();
    const reason = "the account id is not known, and AWS_ACCOUNT_ID does not say it";
    for (const facet of ["accountPublicAccessBlock", "organizationPublicAccessBlock", "accessPoints"] as const) {
      expect(snapshot.facets[facet]).toEqual({ state: "unreadable", reason });
    }
  });

  test("AWS_ACCOUNT_ID says it", async () => {
    const source = await liveSourceAt(aws.endpoint, {}, { AWS_ACCOUNT_ID: account });
    const snapshot = await source.read({ name: "drop" }, ofBucket, new AbortController().signal);
    expect(snapshot.accountId).toBe(account);
    expect(aws.calls.some(({ name }) => name.startsWith("sts"))).toBe(false);
    source.close();
  });
});

describe("where the bucket is", () => {
  test.for([
    ["a redirection", s3Refusal(301, "PermanentRedirect", "cn-north-1")],
    ["a signature for the wrong region", s3Refusal(400, "AuthorizationHeaderMalformed", "cn-north-1")],
  ] as const)("%s leads to the right region, where everything else is asked", async ([, refusal]) => {
    const script: Script = ({ name, region }) =>
      name.startsWith("s3 ") && region !== "cn-north-1" ? refusal : undefined;
    const snapshot = await read({ script });
    expect(snapshot).toMatchObject({ region: "cn-north-1", arn: "arn:aws-cn:s3:::drop" });
    expect(s3Calls().map(({ region }) => region)).toEqual([
      "eu-central-1",
      ...s3Calls()
        .slice(1)
        .map(() => "cn-north-1"),
    ]);
    expect(snapshot.facets.publicAccessBlock).toEqual({ state: "absent" });
    expect(aws.calls.find(({ name }) => name === "s3control /accesspoint")?.region).toBe("cn-north-1");
  });

  test("a region that the list of buckets gave is asked at once", async () => {
    const snapshot = await read({ bucket: { name: "drop", region: "us-west-2" } });
    expect(new Set(s3Calls().map(({ region }) => region))).toEqual(new Set(["us-west-2"]));
    expect(snapshot.region).toBe("us-west-2");
  });

  test("a redirection to nowhere ends it", async () => {
    const script: Script = ({ name }) => (name.startsWith("s3 ") ? s3Refusal(301, "PermanentRedirect") : undefined);
    await expect(read({ script })).rejects.toMatchObject({ code: "BUCKET_ELSEWHERE" });
  });
});

describe("what could not be read", () => {
  const selectors: Readonly<Record<string, string>> = {
    publicAccessBlock: "publicAccessBlock",
    ownership: "ownershipControls",
    versioning: "versioning",
    policy: "policy",
    policyStatus: "policyStatus",
    acl: "acl",
    cors: "cors",
    encryption: "encryption",
    lifecycle: "lifecycle",
    logging: "logging",
    website: "website",
    notification: "notification",
    objectLock: "object-lock",
  };

  test.for(bucketFacets)("a refused read of %s leaves the others alone", async (facet) => {
    const refused = `s3 ${selectors[facet]}`;
    const snapshot = await read({
      script: ({ name }) => (name === refused ? s3Refusal(403, "AccessDenied") : undefined),
    });
    expect(snapshot.facets[facet]).toEqual({ state: "unreadable", reason: "AccessDenied" });
    const others = bucketFacets.filter((other) => other !== facet).map((other) => snapshot.facets[other].state);
    expect(others).not.toContain("unreadable");
  });

  test.for([
    [403, "AllAccessDisabled"],
    [501, "NotImplemented"],
    [503, "SlowDown"],
    [500, "InternalError"],
    [404, "NoSuchSomething"],
    [403, "AccessDeniedException"],
  ] as const)("%d %s is no answer", async ([status, code]) => {
    const snapshot = await read({ script: ({ name }) => (name === "s3 cors" ? s3Refusal(status, code) : undefined) });
    expect(snapshot.facets.cors).toEqual({ state: "unreadable", reason: code });
  });

  test("neither is an answer that S3 would not give", async () => {
    const cors = xml("<CORSConfiguration><CORSRule><AllowedMethod>PUT</AllowedMethod></CORSRule></CORSConfiguration>");
    const snapshot = await read({ script: ({ name }) => (name === "s3 cors" ? cors : undefined) });
    expect(snapshot.facets.cors).toEqual({
      state: "unreadable",
      reason: "malformed: cors.CORSRules.0.AllowedOrigins is missing",
    });
  });

  test("a read that is throttled is tried again", async () => {
    let throttled = 0;
    const script: Script = ({ name }) =>
      name === "s3 cors" && throttled++ === 0 ? s3Refusal(503, "SlowDown") : undefined;
    const snapshot = await read({ script, wishes: { maxAttempts: 2 } });
    expect(snapshot.facets.cors).toEqual({ state: "absent" });
  });

  test("a region that S3 Control does not like is no bucket that is elsewhere", async () => {
    const script: Script = ({ name }) =>
      name.startsWith("s3control ") ? s3Refusal(400, "AuthorizationHeaderMalformed", "us-west-2") : undefined;
    const { facets: readings } = await read({ script });
    expect(readings.accountPublicAccessBlock).toEqual({ state: "unreadable", reason: "AuthorizationHeaderMalformed" });
    expect(readings.policy).toEqual({ state: "absent" });
  });

  test("what the account sets stays unread when that is refused, and with it what the organisation sets", async () => {
    const script: Script = ({ name }) =>
      name === "s3control /configuration/publicAccessBlock" ? wrappedRefusal(403, "AccessDenied") : undefined;
    const { facets: readings } = await read({ script });
    const refused = { state: "unreadable", reason: "AccessDenied" };
    expect(readings).toMatchObject({ accountPublicAccessBlock: refused, organizationPublicAccessBlock: refused });
  });
});

describe("what ends it", () => {
  test.for([
    ["NoSuchBucket", 404, "BUCKET_NOT_FOUND"],
    ["InvalidAccessKeyId", 403, "CREDENTIALS_INVALID"],
    ["SignatureDoesNotMatch", 403, "CREDENTIALS_INVALID"],
    ["ExpiredToken", 400, "CREDENTIALS_EXPIRED"],
    ["RequestTimeTooSkewed", 403, "CLOCK_SKEWED"],
  ] as const)("%s", async ([code, status, expected]) => {
    const script: Script = ({ name }) => (name.startsWith("s3 ") ? s3Refusal(status, code) : undefined);
    await expect(read({ script })).rejects.toMatchObject({ code: expected });
  });

  test("no credentials", async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    await expect(read({})).rejects.toMatchObject({ code: "CREDENTIALS_MISSING" });
  });

  test("a server that is not there", async () => {
    const gone = await startScriptedAws();
    await gone.close();
    const source = await liveSourceAt(gone.endpoint, { accountId: account });
    const reading = source.read({ name: "drop" }, ofBucket, new AbortController().signal);
    await expect(reading).rejects.toMatchObject({ code: "NETWORK" });
    source.close();
  });

  test("Ctrl-C, with its own reason", async () => {
    const interrupted = new AbortController();
    const reason = new Error("interrupted");
    aws.script(({ name }) => {
      if (name === "s3 cors") interrupted.abort(reason);
      return undefined;
    });
    const source = await liveSourceAt(aws.endpoint);
    await expect(source.read({ name: "drop" }, ofBucket, interrupted.signal)).rejects.toBe(reason);
    source.close();
  });
});

describe("what was read", () => {
  test("a policy is the document; one with a member twice stays the text that shows it", async () => {
    const policies: Readonly<Record<string, string>> = {
      good: '{"Statement":[]}',
      bad: '{"Statement":[],"Statement":{}}',
    };
    const script: Script = ({ name, path }) =>
      name === "s3 policy" ? { body: policies[path.split("/")[1] ?? ""] ?? "" } : undefined;
    const good = await read({ script, bucket: { name: "good" } });
    const bad = await read({ script, bucket: { name: "bad" } });
    expect(good.facets.policy).toEqual({ state: "present", value: { Statement: [] } });
    expect(bad.facets.policy).toEqual({ state: "present", value: policies.bad });
  });

  test("the account's public access block has the organisation's in it", async () => {
    const flags = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];
    const body = flags.map((flag) => `<${flag}>TRUE</${flag}>`).join("");
    const script: Script = ({ name }) =>
      name === "s3control /configuration/publicAccessBlock"
        ? xml(`<PublicAccessBlockConfiguration>${body}</PublicAccessBlockConfiguration>`)
        : undefined;
    const { facets: readings } = await read({ script });
    expect(readings.accountPublicAccessBlock).toMatchObject({
      state: "present",
      value: { RestrictPublicBuckets: true },
    });
    expect(readings.organizationPublicAccessBlock).toEqual({ state: "absent" });
  });
});
