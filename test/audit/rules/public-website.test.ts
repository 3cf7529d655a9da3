import { publicWebsite } from "../../../src/audit/rules/public-website.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, failsWith, isUnknown, passes } from "../../support/describe-rule.ts";

describeRule(publicWebsite, [
  ["passes without one", aBucket(), passes("drop is not served as a website.")],
  [
    "fails with pages",
    aBucket({ website: { IndexDocument: { Suffix: "index.html" } } }),
    fails("drop is served as a website: what is uploaded can be opened as a page, over plain HTTP."),
  ],
  [
    "fails mildly where everything is redirected",
    aBucket({ website: { RedirectAllRequestsTo: { HostName: "example.com" } } }),
    failsWith("low", "drop has a website endpoint. It only redirects, and an upload bucket needs none."),
  ],
  [
    "is unknown when it cannot be read",
    aBucket({ website: unread() }),
    isUnknown(
      "The website configuration could not be read (AccessDenied); it takes s3:GetBucketWebsite.",
      "s3:GetBucketWebsite",
    ),
  ],
]);
