/** Group H, first half: the settings that decide who gets in. */
import { type Bucket, fresh, newBucket, removal, roundTrip, s3Namespace, told } from "../bucket-documents.ts";
import { documentedProbe, type Probe, probe } from "../probe.ts";
import { contentMd5, inTurn, type ServerUnderTest } from "../server.ts";
import { type Answer, lineOf } from "../wire.ts";

const switches = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"] as const;

const publicAccessBlock = (on: readonly (typeof switches)[number][]): string => {
  const values = switches.map((name) => `<${name}>${on.includes(name)}</${name}>`);
  return `<PublicAccessBlockConfiguration ${s3Namespace}>${values.join("")}</PublicAccessBlockConfiguration>`;
};

const someOn = publicAccessBlock(["BlockPublicAcls", "BlockPublicPolicy"]);
const noneOn = publicAccessBlock([]);

const accountBlock = (server: ServerUnderTest, method: "GET" | "PUT" | "DELETE", body = ""): Promise<Answer> =>
  server.send({
    method,
    path: "/v20180820/configuration/publicAccessBlock",
    headers: { "x-amz-account-id": server.account.accountId, ...(body === "" ? {} : contentMd5(body)) },
    body,
  });

const accountDocument = someOn.replace(s3Namespace, 'xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"');

const publicAccess: readonly Probe[] = [
  documentedProbe(
    "H01",
    "a new bucket blocks all public access",
    "200 true true true true",
    fresh("publicAccessBlock", ...switches),
  ),
  probe(
    "H02",
    "gives the public access block back",
    "200, 200 true false true false",
    roundTrip("publicAccessBlock", someOn, ...switches),
  ),
  probe(
    "H03",
    "names a deleted public access block",
    "204, 404 NoSuchPublicAccessBlockConfiguration",
    removal("publicAccessBlock", someOn),
  ),
  probe("H04", "gives the account's public access block back", "200 true false true false", async (server) => {
    await accountBlock(server, "PUT", accountDocument);
    return told(await accountBlock(server, "GET"), ...switches);
  }),
  probe(
    "H05",
    "names a deleted account's public access block",
    "404 NoSuchPublicAccessBlockConfiguration",
    async (server) => {
      await accountBlock(server, "PUT", accountDocument);
      await accountBlock(server, "DELETE");
      return lineOf(await accountBlock(server, "GET"));
    },
  ),
];

// ── policy ──────────────────────────────────────────────────────────────────────────────────────────────────

const policyOf = (bucket: string, principal: unknown, effect = "Allow"): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: effect, Principal: principal, Action: "s3:GetObject", Resource: `arn:aws:s3:::${bucket}/*` }],
  });

/** A bucket whose public access block is off, so that any policy may be put. */
async function openBucket(server: ServerUnderTest): Promise<Bucket> {
  const bucket = await newBucket(server);
  await bucket.put("publicAccessBlock", noneOn);
  return bucket;
}

const policies: readonly Probe[] = [
  probe("H10", "a new bucket has no policy", "404 NoSuchBucketPolicy", fresh("policy")),
  probe(
    "H11",
    "gives a policy back and deletes it",
    "204, the same policy, 204, 404 NoSuchBucketPolicy",
    async (server) => {
      const bucket = await newBucket(server);
      const policy = policyOf(bucket.name, "*", "Deny");
      return inTurn(
        () => bucket.put("policy", policy),
        async () => {
          const { body } = await bucket.get("policy");
          const same = JSON.stringify(JSON.parse(body.toString())) === policy;
          return same ? "the same policy" : `another: ${body}`;
        },
        () => bucket.remove("policy"),
        () => bucket.get("policy"),
      );
    },
  ),
  documentedProbe("H12", "refuses a policy that is not JSON", "400 MalformedPolicy", async (server) =>
    lineOf(await (await newBucket(server)).put("policy", "{ not json")),
  ),
  documentedProbe("H13", "refuses a policy without statements", "400 MalformedPolicy", async (server) =>
    lineOf(await (await newBucket(server)).put("policy", '{"Version":"2012-10-17"}')),
  ),
  documentedProbe("H14", "refuses a policy about another bucket", "400 MalformedPolicy", async (server) =>
    lineOf(await (await newBucket(server)).put("policy", policyOf("probe-another", "*", "Deny"))),
  ),
  documentedProbe("H15", "has no policy status without a policy", "404 NoSuchBucketPolicy", fresh("policyStatus")),
  probe("H16", "a policy that allows everyone is public", "200 true", async (server) => {
    const bucket = await openBucket(server);
    await bucket.put("policy", policyOf(bucket.name, "*"));
    return told(await bucket.get("policyStatus"), "IsPublic");
  }),
  probe("H17", "a policy that only denies is not public", "200 false", async (server) => {
    const bucket = await openBucket(server);
    await bucket.put("policy", policyOf(bucket.name, "*", "Deny"));
    return told(await bucket.get("policyStatus"), "IsPublic");
  }),
  probe(
    "H18",
    "BlockPublicPolicy refuses a public policy",
    "403 AccessDenied, 404 NoSuchBucketPolicy",
    async (server) => {
      const bucket = await newBucket(server);
      await bucket.put("publicAccessBlock", publicAccessBlock(["BlockPublicPolicy"]));
      return inTurn(
        () => bucket.put("policy", policyOf(bucket.name, "*")),
        () => bucket.get("policy"),
      );
    },
  ),
];

export const accessSettingProbes: readonly Probe[] = [...publicAccess, ...policies];
