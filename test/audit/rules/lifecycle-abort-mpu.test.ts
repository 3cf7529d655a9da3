import type { LifecycleRule } from "../../../src/audit/facets.ts";
import { lifecycleAbortMpu } from "../../../src/audit/rules/lifecycle-abort-mpu.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";

const aborting = (changes: Partial<LifecycleRule> = {}): LifecycleRule => ({
  ID: "clear",
  Status: "Enabled",
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
  ...changes,
});
const withRules = (...lifecycle: readonly LifecycleRule[]) => aBucket({ lifecycle });
const cleared = passes("drop aborts unfinished uploads under uploads/ after 7 days.");
const keeps = (why: string) => fails(`drop keeps unfinished uploads under uploads/ for ever: ${why}.`);

describeRule(lifecycleAbortMpu, [
  ["passes without a filter", withRules(aborting()), cleared],
  ["passes with an empty filter", withRules(aborting({ Filter: {} })), cleared],
  ["passes with an empty prefix", withRules(aborting({ Filter: { Prefix: "" } })), cleared],
  ["passes with the very prefix", withRules(aborting({ Filter: { Prefix: "uploads/" } })), cleared],
  ["passes with the beginning of the prefix", withRules(aborting({ Filter: { Prefix: "up" } })), cleared],
  ["passes with the prefix in its old place", withRules(aborting({ Prefix: "uploads/" })), cleared],
  ["passes with a prefix within And", withRules(aborting({ Filter: { And: { Prefix: "uploads/" } } })), cleared],
  ["passes when another rule does it", withRules(aborting({ Filter: { Prefix: "log/" } }), aborting()), cleared],
  [
    "tells the earliest of several",
    withRules(aborting(), aborting({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } })),
    passes("drop aborts unfinished uploads under uploads/ after 1 day."),
  ],
  [
    "passes for the whole bucket",
    withRules(aborting()),
    passes("drop aborts unfinished uploads after 7 days."),
    { prefix: "" },
  ],
  ["fails without rules", aBucket(), keeps("no lifecycle rule does it")],
  [
    "fails when rules do other things",
    withRules({ Status: "Enabled", Expiration: { Days: 30 } }),
    keeps("no lifecycle rule does it"),
  ],
  ["fails when it is disabled", withRules(aborting({ Status: "Disabled" })), keeps('the rule "clear" is disabled')],
  [
    "fails for another prefix",
    withRules(aborting({ Filter: { Prefix: "config/" } })),
    keeps('the rule "clear" covers only config/'),
  ],
  [
    "fails for a part of the prefix",
    withRules(aborting({ Filter: { Prefix: "uploads/images/" } })),
    keeps('the rule "clear" covers only uploads/images/'),
  ],
  [
    "fails for a prefix where the whole bucket is meant",
    withRules(aborting({ Filter: { Prefix: "uploads/" } })),
    fails('drop keeps unfinished uploads for ever: the rule "clear" covers only uploads/.'),
    { prefix: "" },
  ],
  [
    "fails for a tag",
    withRules(aborting({ Filter: { Tag: { Key: "a", Value: "b" } } })),
    keeps('the rule "clear" is limited to tags, which parts do not have'),
  ],
  [
    "fails for tags within And",
    withRules(aborting({ Filter: { And: { Prefix: "", Tags: [{ Key: "a", Value: "b" }] } } })),
    keeps('the rule "clear" is limited to tags, which parts do not have'),
  ],
  [
    "fails for a size",
    withRules(aborting({ Filter: { ObjectSizeGreaterThan: 1 } })),
    keeps('the rule "clear" is limited to sizes, which unfinished uploads do not have'),
  ],
  [
    "fails without a number of days",
    withRules(aborting({ AbortIncompleteMultipartUpload: {} })),
    keeps('the rule "clear" does not say after how many days'),
  ],
  [
    "fails for no days at all",
    withRules({ Status: "Enabled", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 0 } }),
    keeps("a rule without a name does not say after how many days"),
  ],
  [
    "is unknown when it cannot be read",
    aBucket({ lifecycle: unread() }),
    isUnknown(
      "The lifecycle configuration could not be read (AccessDenied); it takes s3:GetLifecycleConfiguration.",
      "s3:GetLifecycleConfiguration",
    ),
  ],
]);
