import { faultlessEndpoint } from "../../../src/audit/imagined-endpoints.ts";
import { keyPrefix } from "../../../src/audit/rules/key-prefix.ts";
import { aBucket, anIntent, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";
import { goodSigner } from "../../support/good-bucket.ts";
import { allowUploads, documentOf, drop } from "../../support/policy-documents.ts";

const events = (...filters: readonly (string | undefined)[]) => ({
  QueueConfigurations: filters.map((Value) => ({
    Events: ["s3:ObjectCreated:Put"],
    ...(Value === undefined ? {} : { Filter: { Key: { FilterRules: [{ Name: "Prefix", Value }] } } }),
  })),
});
const leftovers = (Prefix: string, Status: "Enabled" | "Disabled" = "Enabled") => ({ Status, Filter: { Prefix } });
const withPrefix = (environment: Readonly<Record<string, string>>) => ({ ...goodSigner, function: { environment } });
const endpointAt = (key: string) => {
  const endpoint = faultlessEndpoint("drop", anIntent());
  return { ...endpoint, uploads: endpoint.uploads.map((upload) => ({ ...upload, key })) };
};

describeRule(keyPrefix, [
  [
    "does not apply where nothing names a prefix",
    aBucket(),
    notApplicable("Nothing that was read about drop names a prefix: no signer, no lifecycle rule, no events."),
  ],
  [
    "does not apply where the whole bucket is meant",
    aBucket({ signer: goodSigner }),
    notApplicable("Uploads to drop are meant to go anywhere in it."),
    { prefix: "" },
  ],
  [
    "passes where all agree",
    aBucket({ signer: goodSigner, notification: events("uploads/"), lifecycle: [leftovers("uploads/")] }),
    passes("All that was read about drop agrees that uploads go to uploads/."),
  ],
  [
    "passes where they are wider or narrower",
    aBucket({ notification: events("uploads/images/"), lifecycle: [leftovers("")] }),
    passes("All that was read about drop agrees that uploads go to uploads/."),
  ],
  [
    "fails where the role may put objects elsewhere",
    aBucket({
      signer: {
        ...goodSigner,
        policies: [{ name: "s3", document: documentOf(allowUploads({ Resource: `${drop.arn}/*` })) }],
      },
    }),
    fails(
      "The signer of drop, the role presign, may put objects outside uploads/, such as arn:aws:s3:::drop/x: only its code keeps keys under the prefix.",
    ),
  ],
  [
    "fails where the signer's setting is another prefix",
    aBucket({ signer: withPrefix({ UPLOAD_PREFIX: "/incoming/" }) }),
    fails("The signer puts uploads to drop under incoming/ (UPLOAD_PREFIX), and they are meant to go to uploads/."),
  ],
  [
    "fails where it is empty",
    aBucket({ signer: withPrefix({ S3_FOLDER: "" }) }),
    fails(
      "The signer puts uploads to drop under the top of the bucket (S3_FOLDER), and they are meant to go to uploads/.",
    ),
  ],
  [
    "passes where it is below",
    aBucket({ signer: withPrefix({ keyPrefix: "uploads/avatars" }) }),
    passes("All that was read about drop agrees that uploads go to uploads/."),
  ],
  [
    "leaves alone what is about something else",
    aBucket({ signer: withPrefix({ LOG_PREFIX: "app", TABLE_PREFIX: "dev" }) }),
    passes("All that was read about drop agrees that uploads go to uploads/."),
  ],
  [
    "takes the intended prefix from s3up's backend",
    aBucket({
      signer: { policies: [], function: { environment: { BUCKET: "drop", AUTH: "iam", KEY_PREFIX: "incoming" } } },
    }),
    passes("All that was read about drop agrees that uploads go to incoming/."),
  ],
  [
    "fails where s3up's backend is left at its default and another is meant",
    aBucket({ signer: { policies: [], function: { environment: { BUCKET: "drop", AUTH: "iam" } } } }),
    fails("The signer puts uploads to drop under uploads/ (KEY_PREFIX), and they are meant to go to incoming/."),
    { prefix: "incoming" },
  ],
  [
    "fails where events are for another prefix",
    aBucket({ notification: events("upload/", "processed/") }),
    fails("Events of drop are sent for new objects under upload/, processed/ only, and uploads go to uploads/."),
  ],
  [
    "passes where one of them is for the uploads",
    aBucket({ notification: events("processed/", undefined) }),
    passes("All that was read about drop agrees that uploads go to uploads/."),
  ],
  [
    "looks only at events of new objects",
    aBucket({
      notification: {
        TopicConfigurations: [
          {
            Events: ["s3:ObjectRemoved:*"],
            Filter: { Key: { FilterRules: [{ Name: "prefix", Value: "elsewhere/" }] } },
          },
        ],
      },
    }),
    notApplicable("Nothing that was read about drop names a prefix: no signer, no lifecycle rule, no events."),
  ],
  [
    "fails where lifecycle rules are for another prefix",
    aBucket({ lifecycle: [leftovers("upload/"), leftovers("uploads/", "Disabled")] }),
    fails("The lifecycle rules of drop are for upload/ only, and uploads go to uploads/."),
  ],
  [
    "passes for the old place of the prefix",
    aBucket({ lifecycle: [{ Status: "Enabled", Prefix: "uploads/" }] }),
    passes("All that was read about drop agrees that uploads go to uploads/."),
  ],
  [
    "fails where the endpoint signs keys elsewhere",
    aBucket({ endpoint: endpointAt("incoming/1-s3up-probe.txt") }),
    fails("api.example.com signs keys outside uploads/, where uploads are meant to go."),
  ],
  [
    "is unknown where a policy of the role is none",
    aBucket({ signer: { ...goodSigner, policies: [{ name: "s3", document: "{" }] } }),
    isUnknown(
      "Where the signer of drop may put objects cannot be told: s3: The policy: a member name in quotes is expected, not the end of the text (line 1, column 2).",
    ),
  ],
  [
    "is unknown where the events could not be read",
    aBucket({ signer: goodSigner, notification: unread() }),
    isUnknown(
      "The event notifications could not be read (AccessDenied); it takes s3:GetBucketNotification.",
      "s3:GetBucketNotification",
    ),
  ],
]);
