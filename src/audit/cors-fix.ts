import type { Fix } from "./rule.ts";

/** One rule for the intended pages and nothing else. */
export const intendedCorsFix: Fix = {
  cli: `aws s3api put-bucket-cors --bucket BUCKET --cors-configuration '{"CORSRules":[{
  "AllowedOrigins":["ORIGIN"],"AllowedMethods":["METHOD"],
  "AllowedHeaders":["content-type","if-none-match","x-amz-*"],"ExposeHeaders":["ETag"],"MaxAgeSeconds":3600}]}'`,
  terraform: `resource "aws_s3_bucket_cors_configuration" "uploads" {
  bucket = "BUCKET"
  cors_rule {
    allowed_origins = ["ORIGIN"]
    allowed_methods = ["METHOD"]
    allowed_headers = ["content-type", "if-none-match", "x-amz-*"]
    expose_headers  = ["ETag"]
    max_age_seconds = 3600
  }
}`,
};
