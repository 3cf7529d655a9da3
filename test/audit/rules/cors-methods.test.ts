import { corsMethods } from "../../../src/audit/rules/cors-methods.ts";
import { aBucket, aCorsRule, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, failsWith, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";

const admitting = (...AllowedMethods: readonly string[]) => aBucket({ cors: [aCorsRule({ AllowedMethods })] });
const useful = (methods: string) => passes(`CORS of drop admits ${methods}, which is what uploads use.`);

describeRule(corsMethods, [
  ["passes for PUT alone", admitting("PUT"), useful("PUT")],
  ["passes for PUT and POST when nobody said how", admitting("PUT", "POST"), useful("PUT, POST")],
  [
    "passes for what uploads in parts use",
    admitting("PUT", "POST", "DELETE"),
    useful("PUT, POST, DELETE"),
    { mode: "multipart" },
  ],
  [
    "fails for all of the article's methods",
    admitting("GET", "PUT", "POST", "DELETE"),
    fails("CORS of drop admits GET, DELETE; uploads use PUT, POST."),
  ],
  [
    "fails for POST where uploads are by PUT",
    admitting("PUT", "POST"),
    fails("CORS of drop admits POST; uploads by PUT use PUT."),
    { mode: "put" },
  ],
  [
    "fails for PUT where uploads are by form",
    admitting("PUT", "POST"),
    fails("CORS of drop admits PUT; uploads by form use POST."),
    { mode: "post" },
  ],
  [
    "fails mildly where objects can be read back",
    admitting("PUT", "GET", "HEAD"),
    failsWith("low", "CORS of drop admits GET, HEAD; uploads in parts use PUT, POST, DELETE."),
    { mode: "multipart" },
  ],
  [
    "counts the methods of all rules",
    aBucket({ cors: [aCorsRule(), aCorsRule({ AllowedMethods: ["DELETE"] })] }),
    fails("CORS of drop admits DELETE; uploads use PUT, POST."),
  ],
  ["does not apply without rules", aBucket(), notApplicable("drop has no CORS rules: no method is admitted.")],
  [
    "is unknown when it cannot be read",
    aBucket({ cors: unread() }),
    isUnknown(
      "The CORS configuration could not be read (AccessDenied); it takes s3:GetBucketCORS.",
      "s3:GetBucketCORS",
    ),
  ],
]);
