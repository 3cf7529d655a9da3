import { corsHeadersCover } from "../../../src/audit/rules/cors-headers-cover.ts";
import { aBucket, aCorsRule, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";

const allowing = (...AllowedHeaders: readonly string[]) => aBucket({ cors: [aCorsRule({ AllowedHeaders })] });
const signing = (...signedHeaders: readonly string[]) => ({ signedHeaders });
const covered = (headers: string) => passes(`CORS of drop admits the headers of an upload: ${headers}.`);
const refuses = (headers: string) =>
  fails(`S3 refuses uploads from https://app.example.com to drop: AllowedHeaders does not cover ${headers}.`);

describeRule(corsHeadersCover, [
  ["passes for the type, in any case of letters", allowing("Content-Type"), covered("content-type")],
  [
    "passes for every header",
    allowing("*"),
    covered("content-type, x-amz-meta-a"),
    signing("content-type", "x-amz-meta-a"),
  ],
  [
    "passes for a pattern",
    allowing("content-type", "x-amz-*"),
    covered("x-amz-checksum-crc32"),
    signing("x-amz-checksum-crc32"),
  ],
  [
    "leaves out what the browser sets itself",
    allowing("content-type"),
    covered("content-type"),
    signing("host", "content-length", "content-type"),
  ],
  ["fails where the pattern is for others", allowing("x-amz-*"), refuses("content-type")],
  ["fails where nothing is allowed", allowing(), refuses("content-type")],
  [
    "names all that are missing",
    allowing("content-type"),
    refuses("if-none-match, x-amz-checksum-sha256"),
    signing("content-type", "If-None-Match", "x-amz-checksum-sha256"),
  ],
  [
    "passes where a later rule for the page covers all: S3 looks for one that does",
    aBucket({ cors: [aCorsRule({ AllowedHeaders: [] }), aCorsRule()] }),
    covered("content-type"),
  ],
  [
    "does not put the headers of two rules together",
    aBucket({
      cors: [aCorsRule({ AllowedHeaders: ["content-type"] }), aCorsRule({ AllowedHeaders: ["if-none-match"] })],
    }),
    refuses("if-none-match"),
    signing("content-type", "if-none-match"),
  ],
  [
    "asks for the headers that s3up's backend signs",
    aBucket({
      cors: [aCorsRule()],
      signer: { policies: [], function: { environment: { BUCKET: "drop", AUTH: "jwt" } } },
    }),
    refuses("if-none-match"),
  ],
  [
    "does not apply to forms",
    allowing(),
    notApplicable("Browsers upload with a form, and nobody asks S3 before that."),
    { mode: "post" },
  ],
  ["does not apply without rules", aBucket(), notApplicable("CORS of drop admits no uploads by PUT.")],
  [
    "is unknown when it cannot be read",
    aBucket({ cors: unread() }),
    isUnknown(
      "The CORS configuration could not be read (AccessDenied); it takes s3:GetBucketCORS.",
      "s3:GetBucketCORS",
    ),
  ],
]);
