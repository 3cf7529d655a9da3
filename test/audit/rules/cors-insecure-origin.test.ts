import { corsInsecureOrigin } from "../../../src/audit/rules/cors-insecure-origin.ts";
import { aBucket, aCorsRule, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, failsWith, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";

const from = (...AllowedOrigins: readonly string[]) => aBucket({ cors: [aCorsRule({ AllowedOrigins })] });
const sound = passes("No CORS origin of drop can be taken on by others.");
const plain = (origin: string) =>
  fails(
    `drop admits the CORS origin ${origin}: its pages can come over plain HTTP, where anyone on the way can change them.`,
  );
const developer = (origin: string) =>
  failsWith(
    "low",
    `drop admits the CORS origin ${origin}: it is a developer's own machine, which nobody named as intended.`,
  );

describeRule(corsInsecureOrigin, [
  ["passes for an exact origin over TLS", from("https://app.example.com"), sound],
  ["passes for any port over TLS", from("https://app.example.com:*"), sound],
  ["fails over plain HTTP", from("http://app.example.com"), plain("http://app.example.com")],
  ["fails where the scheme is open", from("*://app.example.com"), plain("*://app.example.com")],
  ["fails where the scheme has an open end", from("http*://app.example.com"), plain("http*://app.example.com")],
  ["fails where the scheme is left out", from("*.example.com"), plain("*.example.com")],
  [
    "fails for null",
    from("null"),
    fails("drop admits the CORS origin null: every page can be null by putting itself into a sandboxed frame."),
  ],
  [
    "fails mildly for subdomains",
    from("https://*.example.com"),
    failsWith(
      "low",
      "drop admits the CORS origin https://*.example.com: every subdomain is admitted, also one that is taken over.",
    ),
  ],
  ["fails mildly for a developer's machine", from("http://localhost:5173"), developer("http://localhost:5173")],
  ["fails mildly for its address", from("http://127.0.0.1:*"), developer("http://127.0.0.1:*")],
  [
    "passes for a developer's machine that is intended",
    from("http://localhost:5173"),
    sound,
    { origins: ["http://localhost:5173"] },
  ],
  [
    "takes no other host for a developer's machine",
    from("http://localhost.example.com"),
    plain("http://localhost.example.com"),
  ],
  ["leaves to another rule what admits everyone", from("*", "http://*", "https://*.com"), sound],
  ["does not apply without rules", aBucket(), notApplicable("drop has no CORS rules: no page is admitted.")],
  [
    "is unknown when it cannot be read",
    aBucket({ cors: unread() }),
    isUnknown(
      "The CORS configuration could not be read (AccessDenied); it takes s3:GetBucketCORS.",
      "s3:GetBucketCORS",
    ),
  ],
]);
