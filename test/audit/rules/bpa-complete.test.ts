import { bpaComplete } from "../../../src/audit/rules/bpa-complete.ts";
import { aBlock, aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";

const closed = passes("All four flags are on for drop.");
const where = "at the bucket, the account and the organization.";
const open = fails(`drop is not fully closed to public access: none of the four flags is on ${where}`);
const unreadAccount =
  "The account's public access block could not be read (AccessDenied); it takes s3:GetAccountPublicAccessBlock.";

describeRule(bpaComplete, [
  ["passes with all four at the bucket", aBucket({ publicAccessBlock: aBlock(true) }), closed],
  ["passes with all four at the account", aBucket({ accountPublicAccessBlock: aBlock(true) }), closed],
  ["passes where the organization blocks all", aBucket({ organizationPublicAccessBlock: "all" }), closed],
  [
    "passes where bucket and account have two each",
    aBucket({
      publicAccessBlock: aBlock(false, { BlockPublicAcls: true, BlockPublicPolicy: true }),
      accountPublicAccessBlock: aBlock(false, { IgnorePublicAcls: true, RestrictPublicBuckets: true }),
    }),
    closed,
  ],
  ["fails without any configuration", aBucket(), open],
  ["fails with all four off", aBucket({ publicAccessBlock: aBlock(false) }), open],
  ["fails where the organization blocks none", aBucket({ organizationPublicAccessBlock: "none" }), open],
  [
    "fails with one off",
    aBucket({ publicAccessBlock: aBlock(true, { RestrictPublicBuckets: false }) }),
    fails(`drop is not fully closed to public access: RestrictPublicBuckets is off ${where}`),
  ],
  [
    "fails with the two that protect on, and the two that refuse off",
    aBucket({ publicAccessBlock: aBlock(true, { BlockPublicAcls: false, BlockPublicPolicy: false }) }),
    fails(`drop is not fully closed to public access: BlockPublicAcls, BlockPublicPolicy are off ${where}`),
  ],
  [
    "is unknown when the account cannot be read and could make up for it",
    aBucket({ accountPublicAccessBlock: unread() }),
    isUnknown(unreadAccount, "s3:GetAccountPublicAccessBlock"),
  ],
  [
    "passes when the account cannot be read and the bucket is closed by itself",
    aBucket({ publicAccessBlock: aBlock(true), accountPublicAccessBlock: unread() }),
    closed,
  ],
  [
    "passes when the bucket cannot be read and the account has all four",
    aBucket({ publicAccessBlock: unread(), accountPublicAccessBlock: aBlock(true) }),
    closed,
  ],
  [
    "names no permission when that is not what is missing",
    aBucket({ publicAccessBlock: unread("SlowDown") }),
    isUnknown("The bucket's public access block could not be read (SlowDown)."),
  ],
]);
