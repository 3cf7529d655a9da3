output "bucket_name" {
  description = "The bucket that the page's files go to."
  value       = aws_s3_bucket.site.bucket
}

output "distribution_id" {
  description = "Id of the distribution, to make it forget old files."
  value       = aws_cloudfront_distribution.site.id
}

output "origin" {
  description = "Origin of the page, as CORS spells it."
  value       = "https://${var.custom_domain == null ? aws_cloudfront_distribution.site.domain_name : var.custom_domain.name}"
}
