/** Group H, second half: what else s3up audits: what a new bucket has, what comes back, what S3 says when there is none. */
import { fresh, newBucket, removal, roundTrip, s3Namespace } from "../bucket-documents.ts";
import { documentedProbe, type Probe, probe } from "../probe.ts";
import { contentMd5, inTurn } from "../server.ts";
import { lineOf, xmlText } from "../wire.ts";

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

export const settingProbes: readonly Probe[] = [
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
