# The bucket that takes the uploads: private, versioned, encrypted, and cleared of what uploads leave behind.
#
# Everything names the bucket by aws_s3_bucket.this.bucket, which is known in a plan, and so is every policy here: a
# plan can be read, tested and audited before anything exists.

data "aws_partition" "current" {}

data "aws_caller_identity" "current" {}

locals {
  partition  = data.aws_partition.current.partition
  account_id = data.aws_caller_identity.current.account_id
  arn        = "arn:${local.partition}:s3:::${var.name}"
  # The prefix itself never counts: uploads-private/ is not uploads/.
  object_arn = "${local.arn}/${trim(var.key_prefix, "/")}/*"
}

resource "aws_s3_bucket" "this" {
  bucket        = var.name
  force_destroy = var.force_destroy
  tags          = var.tags

  # A destroy that stops at a bucket with objects must not have taken their key away before.
  depends_on = [aws_kms_key.this]
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.bucket

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.bucket

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.bucket

  rule {
    id     = "clear-away-what-uploads-leave"
    status = "Enabled"

    # All of the bucket: parts of an upload that was given up are billed and shown in no list.
    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = var.abort_incomplete_days
    }

    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_days
    }

    expiration {
      expired_object_delete_marker = true
    }
  }

  dynamic "rule" {
    for_each = var.expire_uploads_days == null ? [] : [var.expire_uploads_days]

    content {
      id     = "expire-uploads"
      status = "Enabled"

      filter {
        prefix = "${trim(var.key_prefix, "/")}/"
      }

      expiration {
        days = rule.value
      }
    }
  }

  # S3 refuses rules about versions where there are none.
  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_cors_configuration" "this" {
  # Without a page no other origin is to be let in at all.
  count = length(var.cors_allowed_origins) > 0 ? 1 : 0

  bucket = aws_s3_bucket.this.bucket

  cors_rule {
    allowed_origins = var.cors_allowed_origins
    allowed_methods = var.cors_allowed_methods
    # What the presign function signs, and nothing else.
    allowed_headers = ["content-type", "if-none-match", "x-amz-checksum-*", "x-amz-meta-*", "x-amz-sdk-checksum-algorithm"]
    # Without the ETag of its parts a page cannot complete an upload.
    expose_headers  = ["ETag", "x-amz-checksum-crc32", "x-amz-checksum-sha256", "x-amz-checksum-type", "x-amz-version-id"]
    max_age_seconds = var.cors_max_age_seconds
  }
}

resource "aws_s3_bucket_notification" "this" {
  count = var.eventbridge ? 1 : 0

  bucket      = aws_s3_bucket.this.bucket
  eventbridge = true
}
