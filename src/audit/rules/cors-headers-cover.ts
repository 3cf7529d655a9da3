import { allowsHeader, answeringRule, askedOrigins, preflightHeaders, uploadMethods } from "../cors-answer.ts";
import type { CorsRule } from "../facets.ts";
import { defineRule, type Violation } from "../rule.ts";

export const corsHeadersCover = defineRule({
  id: "cors-headers-cover",
  layer: 5,
  severity: "high",
  title: "CORS admits every header that is signed",
  why: "The browser must send each signed header, and asks S3 first whether it may. One that AllowedHeaders does not cover stops every upload from a page.",
  fix: {
    cli: `aws s3api put-bucket-cors --bucket BUCKET --cors-configuration '{"CORSRules":[{
  "AllowedOrigins":["ORIGIN"],"AllowedMethods":["METHOD"],
  "AllowedHeaders":["content-type","if-none-match","x-amz-*"],"ExposeHeaders":["ETag"],"MaxAgeSeconds":3600}]}'`,
    terraform: `# in the cors_rule of aws_s3_bucket_cors_configuration:
allowed_headers = ["content-type", "if-none-match", "x-amz-*"]`,
  },
  needs: ["cors"],

  evaluate({ bucket, cors = [] }, intent) {
    if (intent.mode === "post") {
      return { status: "not-applicable", message: "Browsers upload with a form, and nobody asks S3 before that." };
    }
    const [method] = uploadMethods(intent);
    const headers = preflightHeaders(intent);
    const origins = method === undefined ? [] : askedOrigins(cors, method, intent);
    const admitted = origins.filter((origin) => answeringRule(cors, origin, "PUT") !== undefined);
    if (admitted.length === 0) {
      return { status: "not-applicable", message: `CORS of ${bucket} admits no uploads by PUT.` };
    }
    const refused = admitted.filter((origin) => answeringRule(cors, origin, "PUT", headers) === undefined);
    const [first, ...others] = refused.map((origin) => violationOf(origin, headers, cors, bucket));
    if (first !== undefined) return { status: "fail", violations: [first, ...others] };
    return { status: "pass", message: `CORS of ${bucket} admits the headers of an upload: ${headers.join(", ")}.` };
  },
});

function violationOf(origin: string, headers: readonly string[], cors: readonly CorsRule[], bucket: string): Violation {
  const rule = answeringRule(cors, origin, "PUT");
  const missing = headers.filter((header) => rule === undefined || !allowsHeader(rule, header));
  const message = `S3 refuses uploads from ${origin} to ${bucket}: AllowedHeaders does not cover ${missing.join(", ")}.`;
  return { message, evidence: { missing, AllowedHeaders: rule?.AllowedHeaders ?? [] } };
}
