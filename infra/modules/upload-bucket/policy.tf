# The bucket policy grants nothing: what the signer may do stands in its role. It only takes away, from everybody.

locals {
  deny = { Effect = "Deny", Principal = "*" }

  everything = { Action = "s3:*", Resource = [local.arn, "${local.arn}/*"] }
  objects    = "${local.arn}/*"

  transport_statements = [
    merge(local.deny, local.everything, {
      Sid       = "DenyInsecureTransport"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }),
    # Beside the one above, not instead of it: plain HTTP has no TLS version.
    merge(local.deny, local.everything, {
      Sid       = "DenyTlsBelow12"
      Condition = { NumericLessThan = { "s3:TlsVersion" = "1.2" } }
    }),
  ]

  signature_statements = [
    merge(local.deny, {
      Sid      = "DenyStaleSignature"
      Action   = "s3:PutObject"
      Resource = local.objects
      # S3 counts milliseconds. A signer can ask for less, and nobody for more.
      Condition = { NumericGreaterThan = { "s3:signatureAge" = tostring(var.max_signature_age_seconds * 1000) } }
    }),
    # Under Signature Version 2 the age is always 0, so the limit above needs this one. It refuses unsigned requests, too.
    merge(local.deny, {
      Sid       = "DenyUnsignedOrSigV2"
      Action    = ["s3:PutObject", "s3:GetObject"]
      Resource  = local.objects
      Condition = { StringNotEquals = { "s3:signatureversion" = "AWS4-HMAC-SHA256" } }
    }),
  ]

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
      # SSE-C: whoever brings the key could lock the owner out.
      merge(local.deny, {
        Sid       = "DenyCustomerProvidedKeys"
        Action    = "s3:PutObject"
        Resource  = local.objects
        Condition = { Null = { "s3:x-amz-server-side-encryption-customer-algorithm" = "false" } }
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
    Version = "2012-10-17"
    Statement = concat(
      local.transport_statements,
      local.signature_statements,
      local.encryption_statements,
      local.overwrite_statements,
    )
  })

  # S3 answers "a conflicting conditional operation is in progress" to a policy and a block at the same moment.
  depends_on = [aws_s3_bucket_public_access_block.this]
}
