import { answeringRule, askedOrigins } from "../cors-answer.ts";
import { defineRule, type Violation } from "../rule.ts";

export const corsEtag = defineRule({
  id: "cors-etag",
  layer: 5,
  severity: "high",
  title: "Pages may read the ETag of a part",
  why: "To put an upload together, a page has to say the ETag of each part. A browser hides it unless CORS exposes it: the upload then fails after everything was sent.",
  fix: {
    cli: `aws s3api put-bucket-cors --bucket BUCKET --cors-configuration '{"CORSRules":[{
  "AllowedOrigins":["ORIGIN"],"AllowedMethods":["PUT"],
  "AllowedHeaders":["content-type","if-none-match","x-amz-*"],"ExposeHeaders":["ETag"],"MaxAgeSeconds":3600}]}'`,
    terraform: `# in the cors_rule of aws_s3_bucket_cors_configuration:
expose_headers = ["ETag"]`,
  },
  needs: ["cors"],

  evaluate({ bucket, cors = [] }, intent) {
    if (intent.mode === "put" || intent.mode === "post") {
      return { status: "not-applicable", message: "Browsers upload in one request, which needs no ETag." };
    }
    const origins = askedOrigins(cors, "PUT", intent);
    const answers = origins.flatMap((origin) => answeringRule(cors, origin, "PUT") ?? []);
    if (answers.length === 0) {
      return { status: "not-applicable", message: `CORS of ${bucket} admits no uploads in parts.` };
    }
    // S3 takes no wildcard here, so the name has to stand there
    const hiding = answers.filter(
      ({ ExposeHeaders = [] }) => !ExposeHeaders.some((name) => name.toLowerCase() === "etag"),
    );
    const [rule] = hiding;
    if (rule === undefined) return { status: "pass", message: `CORS of ${bucket} exposes ETag.` };
    const until: Pick<Violation, "severity"> = intent.mode === undefined ? { severity: "low" } : {};
    const origin = rule.AllowedOrigins.join(", ");
    const condition = intent.mode === undefined ? "pages that upload in parts" : "its pages";
    const message = `CORS of ${bucket} does not expose ETag to ${origin}: ${condition} cannot complete an upload.`;
    return { status: "fail", violations: [{ message, evidence: rule, ...until }] };
  },
});
