# Expressions of which a plan tells only what they name.
variable "use_second" {
  type    = bool
  default = true
}

resource "aws_s3_bucket" "first" {
  bucket = "acme-first"
}

resource "aws_s3_bucket" "second" {
  bucket = "acme-second"
}

resource "aws_s3_bucket_versioning" "chosen" {
  bucket = var.use_second ? aws_s3_bucket.second.id : aws_s3_bucket.first.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "chosen" {
  bucket                  = var.use_second ? aws_s3_bucket.second.id : aws_s3_bucket.first.id
  block_public_acls       = true
  block_public_policy     = false
  ignore_public_acls      = true
  restrict_public_buckets = false
}

# A flag that nobody knows before apply, beside one that is off.
resource "aws_s3_bucket" "flags" {
  bucket = "acme-flags"
}

resource "terraform_data" "later" {
  input = true
}

resource "aws_s3_bucket_public_access_block" "flags" {
  bucket                  = aws_s3_bucket.flags.bucket
  block_public_acls       = true
  block_public_policy     = false
  ignore_public_acls      = true
  restrict_public_buckets = terraform_data.later.output
}

resource "aws_s3_bucket" "open_flags" {
  bucket = "acme-open-flags"
}

resource "aws_s3_bucket_public_access_block" "open_flags" {
  bucket                  = aws_s3_bucket.open_flags.bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = terraform_data.later.output
}

resource "aws_s3_bucket_cors_configuration" "flags" {
  bucket = aws_s3_bucket.flags.bucket

  cors_rule {
    allowed_methods = ["PUT"]
    allowed_origins = ["https://${terraform_data.later.id}.example.com", "*"]
  }
}

resource "aws_kms_key" "uploads" {}

resource "aws_s3_bucket_server_side_encryption_configuration" "flags" {
  bucket = aws_s3_bucket.flags.bucket

  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.uploads.arn
    }
  }
}
