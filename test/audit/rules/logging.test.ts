import { logging } from "../../../src/audit/rules/logging.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";

describeRule(logging, [
  [
    "passes with a bucket for logs",
    aBucket({ logging: { TargetBucket: "logs", TargetPrefix: "drop/" } }),
    passes("Requests to drop are logged in logs."),
  ],
  [
    "fails without",
    aBucket(),
    fails("drop writes no server access log. Whether CloudTrail records its data events was not looked at."),
  ],
  [
    "fails when it logs into itself",
    aBucket({ logging: { TargetBucket: "drop" } }),
    fails("drop writes its access log into itself: each log file makes another line to log."),
  ],
  [
    "is unknown when it cannot be read",
    aBucket({ logging: unread() }),
    isUnknown(
      "The logging configuration could not be read (AccessDenied); it takes s3:GetBucketLogging.",
      "s3:GetBucketLogging",
    ),
  ],
]);
