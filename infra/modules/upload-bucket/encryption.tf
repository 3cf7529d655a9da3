# SSE-S3 by default. SSE-KMS with a key that is given, or with one that is made here.

locals {
  is_kms      = var.encryption == "SSE-KMS"
  algorithm   = local.is_kms ? "aws:kms" : "AES256"
  makes_key   = local.is_kms && var.kms_key == null
  kms_key_arn = local.makes_key ? aws_kms_key.this[0].arn : local.is_kms ? var.kms_key.arn : null
}

resource "aws_kms_key" "this" {
  count = local.makes_key ? 1 : 0

  description             = "Encrypts the objects of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  tags                    = var.tags

  # The account's IAM policies decide; KMS refuses a key that nobody could ever manage again.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AccountDecides"
      Effect    = "Allow"
      Principal = { AWS = "arn:${local.partition}:iam::${local.account_id}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_alias" "this" {
  count = local.makes_key ? 1 : 0

  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this[0].key_id
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.bucket

  rule {
    bucket_key_enabled = local.is_kms ? true : null

    apply_server_side_encryption_by_default {
      sse_algorithm     = local.algorithm
      kms_master_key_id = local.kms_key_arn
    }
  }
}
