# The bucket policy grants nothing: what the signer may do stands in its role. It only takes away, from everybody.

module "guards" {
  source = "../bucket-guards"

  bucket_arn                = local.arn
  max_signature_age_seconds = var.max_signature_age_seconds
  refuse_unsigned           = true
}

locals {
  deny    = { Effect = "Deny", Principal = "*" }
  objects = "${local.arn}/*"

  encryption_statements = concat(
    [
      # Without the header an upload gets the bucket's own encryption, and must pass.
      merge(local.deny, {
        Sid      = "DenyWrongEncryption"
        Action   = "s3:PutObject"
        Resource = local.objects
        Condition = {
          Null            = { "s3:x-amz-server-side-encryption" = "false" }
          StringNotEquals = { "s3:x-amz-server-side-encryption" = local.algorithm }
        }
      }),
    ],
    local.is_kms ? [
      merge(local.deny, {
        Sid      = "DenyWrongKmsKey"
        Action   = "s3:PutObject"
        Resource = local.objects
        Condition = {
          Null         = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "false" }
          ArnNotEquals = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = local.kms_key_arn }
        }
      }),
    ] : [],
  )

  # The second condition spares the requests that begin and fill a multipart upload, which cannot carry the header.
  overwrite_statements = var.deny_overwrite ? [
    merge(local.deny, {
      Sid      = "DenyOverwrite"
      Action   = "s3:PutObject"
      Resource = local.object_arn
      Condition = {
        Null = { "s3:if-none-match" = "true" }
        Bool = { "s3:ObjectCreationOperation" = "true" }
      }
    }),
  ] : []
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.bucket

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(module.guards.statements, local.encryption_statements, local.overwrite_statements)
  })

  # S3 answers "a conflicting conditional operation is in progress" to a policy and a block at the same moment.
  depends_on = [aws_s3_bucket_public_access_block.this]
}
