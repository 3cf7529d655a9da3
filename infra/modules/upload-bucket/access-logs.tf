# After a leak the question is who fetched what. The log goes to a bucket of its own, made here unless one is given.

locals {
  makes_log_bucket = var.access_logs && var.log_bucket == null
  log_bucket_name  = "${var.name}-logs"
  log_bucket_arn   = "arn:${local.partition}:s3:::${local.log_bucket_name}"
  log_prefix       = "${var.name}/"
}

resource "aws_s3_bucket_logging" "this" {
  count = var.access_logs ? 1 : 0

  bucket        = aws_s3_bucket.this.bucket
  target_bucket = local.makes_log_bucket ? aws_s3_bucket.logs[0].bucket : var.log_bucket.name
  target_prefix = local.log_prefix

  # S3 refuses a target whose policy does not let the log service in.
  depends_on = [aws_s3_bucket_policy.logs]
}

resource "aws_s3_bucket" "logs" {
  count = local.makes_log_bucket ? 1 : 0

  bucket        = local.log_bucket_name
  force_destroy = var.force_destroy
  tags          = var.tags
}

resource "aws_s3_bucket_public_access_block" "logs" {
  count = local.makes_log_bucket ? 1 : 0

  bucket                  = aws_s3_bucket.logs[0].bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "logs" {
  count = local.makes_log_bucket ? 1 : 0

  bucket = aws_s3_bucket.logs[0].bucket

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "logs" {
  count = local.makes_log_bucket ? 1 : 0

  bucket = aws_s3_bucket.logs[0].bucket

  versioning_configuration {
    status = "Enabled"
  }
}

# The log service writes with SSE-S3 only.
resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  count = local.makes_log_bucket ? 1 : 0

  bucket = aws_s3_bucket.logs[0].bucket

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  count = local.makes_log_bucket ? 1 : 0

  bucket = aws_s3_bucket.logs[0].bucket

  rule {
    id     = "expire-logs"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }

    expiration {
      days = var.log_retention_days
    }

    noncurrent_version_expiration {
      noncurrent_days = 1
    }
  }

  depends_on = [aws_s3_bucket_versioning.logs]
}

module "log_guards" {
  source = "../bucket-guards"

  bucket_arn = local.log_bucket_arn
}

resource "aws_s3_bucket_policy" "logs" {
  count = local.makes_log_bucket ? 1 : 0

  bucket = aws_s3_bucket.logs[0].bucket

  policy = jsonencode({
    Version = "2012-10-17"
    # The grant stands first: moto, which the tests apply this to, looks for it no further than the first "*".
    Statement = concat([{
      Sid       = "LogDelivery"
      Effect    = "Allow"
      Principal = { Service = "logging.s3.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "${local.log_bucket_arn}/${local.log_prefix}*"
      Condition = {
        ArnEquals    = { "aws:SourceArn" = local.arn }
        StringEquals = { "aws:SourceAccount" = local.account_id }
      }
    }], module.log_guards.statements)
  })

  depends_on = [aws_s3_bucket_public_access_block.logs]
}
