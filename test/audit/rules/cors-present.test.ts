import { corsPresent } from "../../../src/audit/rules/cors-present.ts";
import { aBucket, aCorsRule, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";

const app = { origins: ["https://app.example.com"] } as const;
const none = fails("drop has no CORS rules: uploads from any page are refused.");

describeRule(corsPresent, [
  [
    "passes where the page is admitted",
    aBucket({ cors: [aCorsRule()] }),
    passes("CORS of drop admits uploads from https://app.example.com."),
    app,
  ],
  [
    "passes where nobody said which page",
    aBucket({ cors: [aCorsRule()] }),
    passes("CORS of drop admits uploads from pages."),
  ],
  [
    "passes for a form",
    aBucket({ cors: [aCorsRule({ AllowedMethods: ["POST"] })] }),
    passes("CORS of drop admits uploads from pages."),
    { mode: "post" },
  ],
  ["fails without a configuration", aBucket(), none, app],
  ["fails without a configuration where only the mode was said", aBucket(), none, { mode: "put" }],
  ["fails with an empty list, whatever was said", aBucket({ cors: [] }), none],
  [
    "fails where another page is admitted",
    aBucket({ cors: [aCorsRule({ AllowedOrigins: ["https://www.example.com"] })] }),
    fails("No CORS rule of drop admits PUT or POST from https://app.example.com."),
    app,
  ],
  [
    "fails for the same host with another scheme and another port",
    aBucket({ cors: [aCorsRule({ AllowedOrigins: ["http://app.example.com", "https://app.example.com:8443"] })] }),
    fails("No CORS rule of drop admits PUT or POST from https://app.example.com."),
    app,
  ],
  [
    "fails where the page may only read",
    aBucket({ cors: [aCorsRule({ AllowedMethods: ["GET"] })] }),
    fails("No CORS rule of drop admits PUT from https://app.example.com."),
    { ...app, mode: "multipart" },
  ],
  [
    "fails where no page may upload",
    aBucket({ cors: [aCorsRule({ AllowedMethods: ["GET"] })] }),
    fails("No CORS rule of drop admits PUT: uploads from any page are refused."),
    { mode: "put" },
  ],
  [
    "does not apply where browsers were not spoken of",
    aBucket(),
    notApplicable("Nobody said that browsers upload: name their origins with --origin."),
  ],
  [
    "is unknown when it cannot be read",
    aBucket({ cors: unread() }),
    isUnknown(
      "The CORS configuration could not be read (AccessDenied); it takes s3:GetBucketCORS.",
      "s3:GetBucketCORS",
    ),
    app,
  ],
]);
