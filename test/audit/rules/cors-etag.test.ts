import { corsEtag } from "../../../src/audit/rules/cors-etag.ts";
import { aBucket, aCorsRule, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, failsWith, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";

const exposing = (...ExposeHeaders: readonly string[]) => aBucket({ cors: [aCorsRule({ ExposeHeaders })] });
const inParts = { mode: "multipart" } as const;
const exposed = passes("CORS of drop exposes ETag.");
const hidden = fails(
  "CORS of drop does not expose ETag to https://app.example.com: its pages cannot complete an upload.",
);
const admin = "https://admin.example.com";

describeRule(corsEtag, [
  ["passes where it is exposed", exposing("ETag"), exposed, inParts],
  ["passes in any case of letters", exposing("etag", "x-amz-version-id"), exposed, inParts],
  ["fails where nothing is exposed", exposing(), hidden, inParts],
  [
    "fails where the member is left out",
    aBucket({ cors: [{ AllowedOrigins: ["https://app.example.com"], AllowedMethods: ["PUT"] }] }),
    hidden,
    inParts,
  ],
  ["fails for a wildcard, which S3 does not know here", exposing("*"), hidden, inParts],
  [
    "fails mildly when nobody said how pages upload",
    exposing(),
    failsWith(
      "low",
      "CORS of drop does not expose ETag to https://app.example.com: pages that upload in parts cannot complete an upload.",
    ),
  ],
  [
    "asks the first rule that fits, not the best",
    aBucket({ cors: [aCorsRule({ ExposeHeaders: [] }), aCorsRule()] }),
    hidden,
    { ...inParts, origins: ["https://app.example.com"] },
  ],
  [
    "does not mind the rule for another page",
    aBucket({ cors: [aCorsRule({ AllowedOrigins: [admin], ExposeHeaders: [] }), aCorsRule()] }),
    exposed,
    { ...inParts, origins: ["https://app.example.com"] },
  ],
  [
    "does not apply to uploads in one request",
    exposing(),
    notApplicable("Browsers upload in one request, which needs no ETag."),
    { mode: "put" },
  ],
  ["does not apply without rules", aBucket(), notApplicable("CORS of drop admits no uploads in parts."), inParts],
  [
    "is unknown when it cannot be read",
    aBucket({ cors: unread() }),
    isUnknown(
      "The CORS configuration could not be read (AccessDenied); it takes s3:GetBucketCORS.",
      "s3:GetBucketCORS",
    ),
    inParts,
  ],
  [
    "does not apply to uploads in one request, whatever could not be read",
    aBucket({ cors: unread() }),
    notApplicable("Browsers upload in one request, which needs no ETag."),
    { mode: "put" },
  ],
]);
