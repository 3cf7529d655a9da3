output "bucket_name" {
  description = "The bucket that takes the uploads."
  value       = module.bucket.name
}

output "key_prefix" {
  description = "Prefix of all uploads, without the slash at its end."
  value       = module.bucket.key_prefix
}

output "force_destroy" {
  description = "Whether destroy deletes the objects, too."
  value       = var.force_destroy
}

output "log_bucket_name" {
  description = "Bucket of its access log; null without one."
  value       = module.bucket.log_bucket_name
}

output "endpoint" {
  description = "Address of the presign endpoint."
  value       = module.api.endpoint
}

output "function_name" {
  description = "Name of the presign function."
  value       = module.api.function_name
}

output "role_arn" {
  description = "ARN of the signer's role."
  value       = module.api.role_arn
}

output "custom_domain_target" {
  description = "Where a CNAME of the custom domain has to point, if its zone is elsewhere; null without one."
  value       = module.api.custom_domain_target
}

output "site" {
  description = "Origin, bucket and distribution of the upload page; null without one."
  value       = one(module.site[*])
}

locals {
  sign_in = { AWS_IAM = " --auth iam", JWT = " --token-command 'COMMAND THAT PRINTS A TOKEN'", NONE = "" }[var.authorization]

  # What the bucket is for, as the audit has to know it.
  intent = join(" ", concat(
    ["--prefix ${module.bucket.key_prefix}/"],
    [for origin in local.origins : "--origin ${origin}"],
    var.encryption == "SSE-KMS" ? ["--encryption aws:kms"] : [],
    ["--max-age ${module.bucket.max_signature_age_seconds}s"],
  ))

  live_audit = "s3up audit ${module.bucket.name} ${local.intent} --function ${module.api.function_name}"
  plan_audit = "s3up audit ${local.intent} --plan"
}

output "next" {
  description = "What to run next."
  value = {
    upload = "s3up put FILE --endpoint ${module.api.endpoint}${local.sign_in}"
    audit  = local.live_audit
    probe  = "${local.live_audit} --endpoint ${module.api.endpoint}${local.sign_in}"
    plan   = "terraform show -json > state.json && ${local.plan_audit} state.json"
    page = one([for site in module.site : join(" && ", [
      "npm run build",
      "echo '{\"endpoint\":\"${module.api.endpoint}\"}' > dist/page/config.json",
      "s3up put dist/page s3://${site.bucket_name}/ --recursive",
      "aws cloudfront create-invalidation --distribution-id ${site.distribution_id} --paths '/*'",
    ])])
  }
}
