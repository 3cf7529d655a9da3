# A presigned URL can do whatever its signer may do, so this role is the upload's real limit.

locals {
  # Create, parts and complete of a multipart upload are all s3:PutObject. No GetObject: the backend hands out uploads.
  upload_actions = concat(["s3:PutObject"], local.has_multipart ? ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"] : [])

  role_statements = concat(
    [
      {
        Sid      = "Upload"
        Effect   = "Allow"
        Action   = local.upload_actions
        Resource = "${local.bucket_arn}/${local.key_prefix}/*"
      },
      {
        Sid      = "WriteItsOwnLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "arn:${local.partition}:logs:${var.region}:${local.account_id}:log-group:/aws/lambda/${var.name}:*"
      },
    ],
    # S3 has no condition that would narrow this list to a prefix.
    var.idempotent_create && local.has_multipart ? [{
      Sid      = "FindAnEarlierUpload"
      Effect   = "Allow"
      Action   = ["s3:ListBucketMultipartUploads"]
      Resource = local.bucket_arn
    }] : [],
    var.bucket_kms_key == null ? [] : [{
      Sid    = "EncryptUploads"
      Effect = "Allow"
      # S3 decrypts the parts of a multipart upload to put them together.
      Action    = concat(["kms:GenerateDataKey"], local.has_multipart ? ["kms:Decrypt"] : [])
      Resource  = var.bucket_kms_key.arn
      Condition = { StringEquals = { "kms:ViaService" = "s3.${var.region}.amazonaws.com" } }
    }],
    local.uses_tokens ? [{
      Sid       = "DeriveTheTokenSecret"
      Effect    = "Allow"
      Action    = ["kms:GenerateMac"]
      Resource  = local.token_key_arn
      Condition = { StringEquals = { "kms:MacAlgorithm" = "HMAC_SHA_256" } }
    }] : [],
    # X-Ray has no permission for single resources.
    var.tracing ? [{
      Sid      = "Trace"
      Effect   = "Allow"
      Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
      Resource = "*"
    }] : [],
  )
}

resource "aws_iam_role" "signer" {
  name                 = "${var.name}-signer"
  description          = "Uploads to ${var.bucket_name} below ${local.key_prefix}/, and nothing else"
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "signer" {
  name   = "upload"
  role   = aws_iam_role.signer.name
  policy = jsonencode({ Version = "2012-10-17", Statement = local.role_statements })
}
