# A deployment of its own repository: state in S3 with a lock, sign-in with JWT, alarms that somebody hears, KMS.
#
#   terraform init && terraform apply

terraform {
  # The lock in S3 needs 1.10; before that, dynamodb_table takes its place.
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }

  # The bucket of the state is made once, by hand or elsewhere: with versioning, encrypted, and closed like every other.
  backend "s3" {
    bucket       = "acme-terraform-state"
    key          = "uploads/terraform.tfstate"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = local.region

  default_tags {
    tags = { Application = "uploads", Environment = "production" }
  }
}

locals {
  region  = "eu-central-1"
  origins = ["https://app.example.com"]
}

module "bucket" {
  source = "../../modules/upload-bucket"

  name                      = "acme-production-uploads"
  cors_allowed_origins      = local.origins
  max_signature_age_seconds = 600
  encryption                = "SSE-KMS"
  malware_protection        = true
  expire_uploads_days       = 90
}

module "api" {
  source = "../../modules/presign-api"

  name                             = "acme-production-presign"
  region                           = local.region
  lambda_zip                       = "${path.module}/../../../dist-lambda/s3up-presign.zip"
  bucket_name                      = module.bucket.name
  bucket_kms_key                   = module.bucket.kms_key
  bucket_max_signature_age_seconds = module.bucket.max_signature_age_seconds
  bucket_abort_incomplete_days     = 1
  cors_allowed_origins             = local.origins
  allowed_content_types            = ["image/*", "video/*", "application/pdf"]
  expires_in_max                   = 600
  authorization                    = "JWT"
  alarm_actions                    = ["arn:aws:sns:eu-central-1:111122223333:on-call"]

  jwt = {
    issuer   = "https://login.example.com/"
    audience = ["uploads"]
  }
}

output "endpoint" {
  description = "Address of the presign endpoint."
  value       = module.api.endpoint
}

output "bucket_name" {
  description = "The bucket that takes the uploads."
  value       = module.bucket.name
}
