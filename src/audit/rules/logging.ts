import { defineRule } from "../rule.ts";

export const logging = defineRule({
  id: "logging",
  layer: "extra",
  severity: "low",
  title: "Requests to the bucket are logged",
  why: "After a leak the question is who fetched what. Without a log nobody can tell.",
  fix: {
    cli: `aws s3api put-bucket-logging --bucket BUCKET --bucket-logging-status \\
  '{"LoggingEnabled":{"TargetBucket":"LOG_BUCKET","TargetPrefix":"BUCKET/"}}'
# the log bucket's policy must let logging.s3.amazonaws.com put objects there`,
    terraform: `resource "aws_s3_bucket_logging" "uploads" {
  bucket        = "BUCKET"
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "BUCKET/"
}`,
  },
  needs: ["logging"],

  evaluate({ bucket, logging: target }) {
    if (target === undefined) {
      const message = `${bucket} writes no server access log. Whether CloudTrail records its data events was not looked at.`;
      return { status: "fail", violations: [{ message }] };
    }
    if (target.TargetBucket === bucket) {
      const message = `${bucket} writes its access log into itself: each log file makes another line to log.`;
      return { status: "fail", violations: [{ message, evidence: target }] };
    }
    return { status: "pass", message: `Requests to ${bucket} are logged in ${target.TargetBucket}.` };
  },
});
