# The presign backend as a whole: a bucket for uploads, the function that signs them, and, if wanted, the page.
# infra/README.md says how to deploy it, what it costs and how to take it away again.

provider "aws" {
  region = var.region

  default_tags {
    tags = merge({ Application = var.name }, var.tags)
  }
}

locals {
  lambda_zip = coalesce(var.lambda_zip, "${path.module}/../dist-lambda/s3up-presign.zip")
  # The page's own origin is known only once its distribution is, unless it has a name.
  origins = concat(var.allowed_origins, module.site[*].origin)
  # Only forms use POST; the page completes and gives up through the endpoint.
  cors_methods = concat(
    contains(var.modes, "put") || contains(var.modes, "multipart") ? ["PUT"] : [],
    contains(var.modes, "post") ? ["POST"] : [],
  )
}

module "bucket" {
  source = "./modules/upload-bucket"

  name                      = var.bucket_name
  key_prefix                = var.key_prefix
  cors_allowed_origins      = local.origins
  cors_allowed_methods      = local.cors_methods
  max_signature_age_seconds = coalesce(var.max_signature_age_seconds, max(var.expires_in_max, 120))
  encryption                = var.encryption
  kms_key                   = var.kms_key
  deny_overwrite            = var.deny_overwrite
  abort_incomplete_days     = var.abort_incomplete_days
  noncurrent_days           = var.noncurrent_days
  expire_uploads_days       = var.expire_uploads_days
  access_logs               = var.access_logs
  log_bucket                = var.log_bucket
  log_retention_days        = var.log_retention_days
  eventbridge               = var.eventbridge
  malware_protection        = var.malware_protection
  force_destroy             = var.force_destroy
}

module "api" {
  source = "./modules/presign-api"

  name                             = var.name
  region                           = var.region
  bucket_name                      = module.bucket.name
  bucket_kms_key                   = module.bucket.kms_key
  bucket_max_signature_age_seconds = module.bucket.max_signature_age_seconds
  bucket_abort_incomplete_days     = var.abort_incomplete_days
  key_prefix                       = module.bucket.key_prefix
  lambda_zip                       = local.lambda_zip
  modes                            = var.modes
  max_size                         = var.max_size
  multipart_threshold              = var.multipart_threshold
  part_size                        = var.part_size
  allowed_content_types            = var.allowed_content_types
  expires_in_default               = var.expires_in_default
  expires_in_max                   = var.expires_in_max
  require_size                     = var.require_size
  allow_overwrite                  = var.allow_overwrite
  idempotent_create                = var.idempotent_create
  token_life_seconds               = var.token_life_seconds
  token_key                        = var.token_key
  token_key_generation             = var.token_key_generation
  authorization                    = var.authorization
  jwt                              = var.jwt
  open_capabilities                = var.open_capabilities
  cors_allowed_origins             = local.origins
  throttle                         = var.throttle
  reserved_concurrency             = var.reserved_concurrency
  memory_mb                        = var.memory_mb
  tracing                          = var.tracing
  log_retention_days               = var.log_retention_days
  log_kms_key                      = var.log_kms_key
  alarms                           = var.alarms
  alarm_actions                    = var.alarm_actions
  alarm_refused_requests           = var.alarm_refused_requests
  custom_domain                    = var.custom_domain
  permissions_boundary_arn         = var.permissions_boundary_arn
}

module "site" {
  source = "./modules/client-site"
  count  = var.site == null ? 0 : 1

  name                    = coalesce(var.site.bucket_name, "${var.bucket_name}-site")
  custom_domain           = var.site.custom_domain
  content_security_policy = var.site.content_security_policy
  price_class             = var.site.price_class
  force_destroy           = var.force_destroy
}

# A page holds no AWS keys, so nobody could sign in to it.
check "page_can_sign_in" {
  assert {
    condition     = var.site == null || var.authorization != "AWS_IAM"
    error_message = "The page cannot sign in with AWS_IAM: browsers hold no AWS keys. Use authorization JWT."
  }
}
