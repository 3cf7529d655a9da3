import { endpointNotNamed, failsWith, foreignGrant, hasSigned, hostOf, signedNothing } from "../endpoint-answers.ts";
import { foreignOrigin } from "../hostile-names.ts";
import { defineRule } from "../rule.ts";

/** The same question as to the CORS configuration, but answered by S3 itself: also where the configuration may not be read. */
export const corsPreflight = defineRule({
  id: "cors-preflight",
  layer: 5,
  severity: "medium",
  title: "S3 refuses uploads from pages of strangers",
  why: "A page that gets hold of a signed address can use it from its visitor's browser and read what S3 answers.",
  fix: {
    cli: `aws s3api put-bucket-cors --bucket BUCKET --cors-configuration '{"CORSRules":[{
  "AllowedOrigins":["ORIGIN"],"AllowedMethods":["METHOD"],
  "AllowedHeaders":["content-type","if-none-match","x-amz-*"],"ExposeHeaders":["ETag"],"MaxAgeSeconds":3600}]}'`,
    terraform: `# in the cors_rule of aws_s3_bucket_cors_configuration:
allowed_origins = ["ORIGIN"]`,
  },
  needs: ["endpoint"],

  evaluate({ bucket, endpoint }) {
    if (endpoint === undefined) return endpointNotNamed;
    if (!hasSigned(endpoint)) return signedNothing(endpoint);
    const { bucketPreflight } = endpoint;
    if (bucketPreflight === undefined) {
      return { status: "unknown", message: `What ${hostOf(endpoint)} signs for gave no answer to a preflight.` };
    }
    const grant = foreignGrant(bucketPreflight);
    const message = `S3 lets ${foreignOrigin}, which nobody intends, upload to ${bucket}: it answers Access-Control-Allow-Origin: ${grant}.`;
    const violations = grant === undefined ? [] : [{ message, evidence: bucketPreflight }];
    return failsWith(violations, "S3 refuses the preflight of a page that nobody intends.");
  },
});
