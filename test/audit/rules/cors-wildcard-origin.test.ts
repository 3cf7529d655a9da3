import { corsWildcardOrigin } from "../../../src/audit/rules/cors-wildcard-origin.ts";
import { aBucket, aCorsRule, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";

const from = (...AllowedOrigins: readonly string[]) => aBucket({ cors: [aCorsRule({ AllowedOrigins })] });
const owned = (origin: string) => passes(`The CORS origins of drop all belong to someone: ${origin}.`);
const strangers = (origin: string, why: string) =>
  fails(`drop admits pages of strangers: the CORS origin ${origin} ${why}.`);
const anyName = "has a wildcard where anyone can register a name";
const anyEnd = "has a host whose end anyone can choose";

describeRule(corsWildcardOrigin, [
  ["passes for one exact origin", from("https://app.example.com"), owned("https://app.example.com")],
  ["passes for subdomains of one domain", from("https://*.example.com"), owned("https://*.example.com")],
  ["passes for part of a label of one domain", from("https://app-*.example.com"), owned("https://app-*.example.com")],
  ["passes for any port of one host", from("https://app.example.com:*"), owned("https://app.example.com:*")],
  ["passes for any scheme of one host", from("*://app.example.com"), owned("*://app.example.com")],
  ["passes for subdomains below a national ending", from("https://*.example.co.uk"), owned("https://*.example.co.uk")],
  ["fails for everyone", from("*"), strangers("*", "is every website")],
  ["fails for every host", from("https://*"), strangers("https://*", anyEnd)],
  ["fails for every host over plain HTTP", from("http://*"), strangers("http://*", anyEnd)],
  ["fails for every host of an ending", from("https://*.com"), strangers("https://*.com", anyName)],
  ["fails for a national ending", from("https://*.co.uk"), strangers("https://*.co.uk", anyName)],
  ["fails for pages that anyone can host", from("https://*.github.io"), strangers("https://*.github.io", anyName)],
  ["fails for pages in buckets", from("https://*.amazonaws.com"), strangers("https://*.amazonaws.com", anyName)],
  [
    "fails for pages in buckets of one region",
    from("https://*.s3.eu-west-1.amazonaws.com"),
    strangers("https://*.s3.eu-west-1.amazonaws.com", anyName),
  ],
  ["fails without the dot before the domain", from("https://*example.com"), strangers("https://*example.com", anyName)],
  ["fails for an open end", from("https://app.example.com*"), strangers("https://app.example.com*", anyEnd)],
  ["fails for an open middle", from("https://app.*.com"), strangers("https://app.*.com", anyName)],
  [
    "fails for null, which every page can be",
    from("null"),
    strangers("null", "is what every page can be by putting itself into a sandboxed frame"),
  ],
  [
    "finds one among others, in any rule",
    aBucket({ cors: [aCorsRule(), aCorsRule({ AllowedOrigins: ["https://other.example.com", "*"] })] }),
    strangers("*", "is every website"),
  ],
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
