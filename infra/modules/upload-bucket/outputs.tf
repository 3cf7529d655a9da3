output "name" {
  description = "Name of the bucket."
  value       = aws_s3_bucket.this.bucket
}

output "arn" {
  description = "ARN of the bucket."
  value       = local.arn
}

output "key_prefix" {
  description = "Prefix of all uploads, without the slash at its end."
  value       = trim(var.key_prefix, "/")
}

output "kms_key" {
  description = "The KMS key that encrypts the objects; null with SSE-S3."
  value       = local.is_kms ? { arn = local.kms_key_arn } : null
}

output "log_bucket_name" {
  description = "Bucket of the access log; null without one."
  value       = var.access_logs ? aws_s3_bucket_logging.this[0].target_bucket : null
}

output "max_signature_age_seconds" {
  description = "The bucket's own limit on the age of signatures."
  value       = var.max_signature_age_seconds
}

output "policy" {
  description = "The bucket policy, as JSON."
  value       = aws_s3_bucket_policy.this.policy
}
