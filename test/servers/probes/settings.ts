/** Group H: the settings that s3up audits: what a new bucket has, what comes back, and what S3 says when there is none. */
import { documentedProbe, type Probe, probe } from "../probe.ts";
import { contentMd5, inTurn, type ServerUnderTest } from "../server.ts";
import { type Answer, lineOf, xmlText, xmlTexts } from "../wire.ts";

const s3Namespace = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

interface Bucket {
  readonly name: string;
  get(subresource: string): Promise<Answer>;
  put(subresource: string, body: string): Promise<Answer>;
  remove(subresource: string): Promise<Answer>;
}

async function newBucket(server: ServerUnderTest): Promise<Bucket> {
  const name = await server.newBucket();
  const path = `/${name}`;
  return {
    name,
    get: (subresource) => server.send({ method: "GET", path, query: { [subresource]: "" } }),
    put: (subresource, body) =>
      server.send({ method: "PUT", path, query: { [subresource]: "" }, headers: contentMd5(body), body }),
    remove: (subresource) => server.send({ method: "DELETE", path, query: { [subresource]: "" } }),
  };
}

/** Status, and the text of these elements. */
const told = (answer: Answer, ...names: readonly string[]): string =>
  [lineOf(answer), ...names.map((name) => xmlTexts(answer.body, name).join("+") || "-")].join(" ");

/** The answer of a new bucket. */
const fresh =
  (subresource: string, ...names: readonly string[]) =>
  async (server: ServerUnderTest) =>
    told(await (await newBucket(server)).get(subresource), ...names);

/** Puts the document and tells what comes back. */
const roundTrip =
  (subresource: string, document: string, ...names: readonly string[]) =>
  async (server: ServerUnderTest) => {
    const bucket = await newBucket(server);
    return inTurn(
      () => bucket.put(subresource, document),
      async () => told(await bucket.get(subresource), ...names),
    );
  };

/** Puts and deletes the document and tells what is left. */
const removal = (subresource: string, document: string) => async (server: ServerUnderTest) => {
  const bucket = await newBucket(server);
  await bucket.put(subresource, document);
  return inTurn(
    () => bucket.remove(subresource),
    () => bucket.get(subresource),
  );
};

// ── public access ───────────────────────────────────────────────────────────────────────────────────────────

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

// ── everything else ─────────────────────────────────────────────────────────────────────────────────────────

const ownership = `<OwnershipControls ${s3Namespace}><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>`;

const encryption =
  `<ServerSideEncryptionConfiguration ${s3Namespace}><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>` +
  "</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>";

const versioning = `<VersioningConfiguration ${s3Namespace}><Status>Suspended</Status></VersioningConfiguration>`;

const lifecycle =
  `<LifecycleConfiguration ${s3Namespace}><Rule><ID>abort</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status>` +
  "<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>";

const website = `<WebsiteConfiguration ${s3Namespace}><IndexDocument><Suffix>index.html</Suffix></IndexDocument></WebsiteConfiguration>`;
const tagging = `<Tagging ${s3Namespace}><TagSet><Tag><Key>team</Key><Value>blue</Value></Tag></TagSet></Tagging>`;
const noLogging = `<BucketLoggingStatus ${s3Namespace}></BucketLoggingStatus>`;
const loggingTo = (target: string): string =>
  `<BucketLoggingStatus ${s3Namespace}><LoggingEnabled><TargetBucket>${target}</TargetBucket><TargetPrefix>logs/</TargetPrefix>` +
  "</LoggingEnabled></BucketLoggingStatus>";

const others: readonly Probe[] = [
  documentedProbe(
    "H20",
    "a new bucket's objects belong to its owner",
    "200 BucketOwnerEnforced",
    fresh("ownershipControls", "ObjectOwnership"),
  ),
  probe(
    "H21",
    "gives the ownership controls back",
    "200, 200 ObjectWriter",
    roundTrip("ownershipControls", ownership, "ObjectOwnership"),
  ),
  probe(
    "H22",
    "names deleted ownership controls",
    "204, 404 OwnershipControlsNotFoundError",
    removal("ownershipControls", ownership),
  ),
  probe(
    "H23",
    "a new bucket's ACL grants its owner everything and nobody else anything",
    "200 FULL_CONTROL",
    fresh("acl", "Permission"),
  ),
  documentedProbe(
    "H24",
    "refuses an ACL where the owner is enforced",
    "400 AccessControlListNotSupported",
    async (server) => {
      const path = `/${await server.newBucket()}`;
      return lineOf(
        await server.send({ method: "PUT", path, query: { acl: "" }, headers: { "x-amz-acl": "public-read" } }),
      );
    },
  ),
  documentedProbe("H25", "a new bucket encrypts with AES256", "200 AES256", fresh("encryption", "SSEAlgorithm")),
  probe(
    "H26",
    "gives the encryption back",
    "200, 200 AES256 true",
    roundTrip("encryption", encryption, "SSEAlgorithm", "BucketKeyEnabled"),
  ),
  probe("H27", "a new bucket has never had versions", "200 -", fresh("versioning", "Status")),
  probe("H28", "gives the versioning status back", "200, 200 Suspended", roundTrip("versioning", versioning, "Status")),
  probe("H29", "a new bucket has no lifecycle", "404 NoSuchLifecycleConfiguration", fresh("lifecycle")),
  probe(
    "H30",
    "gives the lifecycle rule back that ends stale uploads",
    "200, 200 abort Enabled 7",
    roundTrip("lifecycle", lifecycle, "ID", "Status", "DaysAfterInitiation"),
  ),
  probe("H31", "deletes the lifecycle", "204, 404 NoSuchLifecycleConfiguration", removal("lifecycle", lifecycle)),
  probe("H32", "a new bucket logs nowhere", "200 -", fresh("logging", "TargetBucket")),
  probe("H33", "stops logging on an empty document", "200, 200 -", roundTrip("logging", noLogging, "TargetBucket")),
  probe("H34", "gives the logging target back", "200, 200 logs/", async (server) => {
    const target = await newBucket(server);
    const policy = {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "logging.s3.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: `arn:aws:s3:::${target.name}/logs/*`,
        },
      ],
    };
    await target.put("policy", JSON.stringify(policy));
    return roundTrip("logging", loggingTo(target.name), "TargetPrefix")(server);
  }),
  probe("H35", "a new bucket is no website", "404 NoSuchWebsiteConfiguration", fresh("website")),
  probe("H36", "gives the website back", "200, 200 index.html", roundTrip("website", website, "Suffix")),
  probe("H37", "a new bucket has no tags", "404 NoSuchTagSet", fresh("tagging")),
  probe("H38", "gives the tags back", "204, 200 team blue", roundTrip("tagging", tagging, "Key", "Value")),
  probe("H39", "the location of a bucket in us-east-1 is empty", "200 ", async (server) => {
    const answer = await (await newBucket(server)).get("location");
    return `${lineOf(answer)} ${xmlText(answer.body, "LocationConstraint") ?? ""}`;
  }),
  probe("H40", "names the missing bucket before the setting", "404 NoSuchBucket, 404 NoSuchBucket", (server) => {
    const path = "/probe-no-such-bucket";
    return inTurn(
      () => server.send({ method: "GET", path, query: { publicAccessBlock: "" } }),
      () =>
        server.send({
          method: "PUT",
          path,
          query: { versioning: "" },
          headers: contentMd5(versioning),
          body: versioning,
        }),
    );
  }),
  documentedProbe("H42", "wants a checksum beside a document", "400 InvalidRequest", async (server) => {
    const path = `/${await server.newBucket()}`;
    return lineOf(await server.send({ method: "PUT", path, query: { tagging: "" }, body: tagging }));
  }),
  probe("H41", "refuses a setting that is not XML", "400 MalformedXML", async (server) =>
    lineOf(await (await newBucket(server)).put("lifecycle", "{}")),
  ),
];

export const settingProbes: readonly Probe[] = [...publicAccess, ...policies, ...others];
