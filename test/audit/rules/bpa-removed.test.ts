import { bpaRemoved } from "../../../src/audit/rules/bpa-removed.ts";
import { aBlock, aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, failsWith, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";
import { aChange } from "../../support/planned-change.ts";

const closed = aChange({ publicAccessBlock: aBlock(true) });
const deleted = aChange({ publicAccessBlock: aBlock(true) }, { removed: ["publicAccessBlock"] });
const allFour = "BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets";

describeRule(bpaRemoved, [
  ["has nothing to say without a plan", aBucket(), notApplicable("No Terraform plan says what will change of drop.")],
  [
    "passes where there was no block before",
    aBucket({ change: aChange({}) }),
    passes("No block of drop was there before the plan."),
  ],
  [
    "passes where all flags stay",
    aBucket({ change: closed, publicAccessBlock: aBlock(true) }),
    passes("The plan lowers no flag of drop."),
  ],
  [
    "passes where a flag goes on",
    aBucket({ change: aChange({ publicAccessBlock: aBlock(false) }), publicAccessBlock: aBlock(true) }),
    passes("The plan lowers no flag of drop."),
  ],
  [
    "fails where a flag is lowered",
    aBucket({ change: closed, publicAccessBlock: aBlock(true, { BlockPublicPolicy: false }) }),
    fails("The plan switches off BlockPublicPolicy of drop."),
  ],
  [
    "fails where the block is deleted",
    aBucket({ change: deleted }),
    fails(`The plan deletes the public access block of drop: ${allFour} will be off.`),
  ],
  [
    "passes where another resource takes the block over",
    aBucket({ change: deleted, publicAccessBlock: aBlock(true) }),
    passes("The plan lowers no flag of drop."),
  ],
  [
    "is milder where the account covers it",
    aBucket({ change: deleted, accountPublicAccessBlock: aBlock(true) }),
    failsWith(
      "medium",
      `The plan deletes the public access block of drop: ${allFour} will be off. The account's own block still covers it.`,
    ),
  ],
  [
    "is unknown where the new flags are",
    aBucket({ change: closed, publicAccessBlock: unread("known after apply: x") }),
    isUnknown("The bucket's public access block could not be read (known after apply: x)."),
  ],
]);
