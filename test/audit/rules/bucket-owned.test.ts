import { facets } from "../../../src/audit/facet-access.ts";
import { bucketOwned } from "../../../src/audit/rules/bucket-owned.ts";
import { OTHER_ACCOUNT } from "../../../src/audit/source.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";

const allUnread = (reason: string) => Object.fromEntries(facets.map((facet) => [facet, unread(reason)]));
const ours = passes("drop belongs to the account 111122223333. Its name is free for others once it is deleted.");

describeRule(bucketOwned, [
  ["passes where S3 answered the account", aBucket(), ours],
  ["passes where one read was refused and others were answered", aBucket({ versioning: unread() }), ours],
  [
    "passes for a name of the account's own",
    aBucket({}, { bucket: "drop-111122223333-eu-central-1-an" }),
    passes("drop-111122223333-eu-central-1-an belongs to the account 111122223333."),
  ],
  [
    "fails for a name of another account",
    aBucket({}, { bucket: "drop-999999999999-eu-central-1-an" }),
    fails(
      "drop-999999999999-eu-central-1-an is a name of the account 999999999999; the account of this audit is 111122223333.",
    ),
  ],
  [
    "fails where S3 refused the account and answered nobody in particular",
    aBucket(allUnread(OTHER_ACCOUNT)),
    fails("drop belongs to another account than 111122223333."),
  ],
  [
    "is unknown when no read was answered",
    aBucket(allUnread("AccessDenied")),
    isUnknown(
      "The versioning state could not be read (AccessDenied); it takes s3:GetBucketVersioning.",
      "s3:GetBucketVersioning",
    ),
  ],
  [
    "does not apply where nobody said whose it should be",
    aBucket({}, { accountId: undefined }),
    notApplicable("Nobody said which account drop should belong to."),
  ],
]);
