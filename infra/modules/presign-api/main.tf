# The presign function: signs uploads with a role that can do nothing else. No state of its own; it can be made anew at
# any time, and only the uploads in parts that are under way notice it (their tokens, see token-key.tf).

data "aws_partition" "current" {}

data "aws_caller_identity" "current" {}

locals {
  partition     = data.aws_partition.current.partition
  account_id    = data.aws_caller_identity.current.account_id
  key_prefix    = trim(var.key_prefix, "/")
  has_multipart = contains(var.modes, "multipart")
  bucket_arn    = "arn:${local.partition}:s3:::${var.bucket_name}"

  # The backend's words for what API Gateway calls AWS_IAM, JWT and NONE.
  auth = { AWS_IAM = "iam", JWT = "jwt", NONE = "none" }[var.authorization]

  environment = merge(
    {
      BUCKET                = var.bucket_name
      AUTH                  = local.auth
      KEY_PREFIX            = local.key_prefix
      MODES                 = join(",", var.modes)
      MAX_SIZE              = tostring(var.max_size)
      ALLOWED_CONTENT_TYPES = join(",", var.allowed_content_types)
      EXPIRES_IN_DEFAULT    = tostring(var.expires_in_default)
      EXPIRES_IN_MAX        = tostring(var.expires_in_max)
      REQUIRE_SIZE          = tostring(var.require_size)
      OVERWRITE             = var.allow_overwrite ? "allowed" : "never"
      IDEMPOTENT_CREATE     = tostring(var.idempotent_create)
    },
    local.uses_tokens ? {
      TOKEN_LIFE           = tostring(var.token_life_seconds)
      TOKEN_KEY            = local.token_key_arn
      TOKEN_KEY_GENERATION = tostring(var.token_key_generation)
    } : {},
    var.part_size == null ? {} : { PART_SIZE = tostring(var.part_size) },
    var.multipart_threshold == null ? {} : { MULTIPART_THRESHOLD = tostring(var.multipart_threshold) },
  )
}

resource "aws_lambda_function" "presign" {
  function_name = var.name
  description   = "Signs uploads to ${var.bucket_name}"
  role          = aws_iam_role.signer.arn
  tags          = var.tags

  # Built by npm run build:lambda: the same bytes everywhere, so that the hash changes only when the code does.
  filename         = var.lambda_zip
  source_code_hash = filebase64sha256(var.lambda_zip)

  handler       = "lambda.handler"
  runtime       = "nodejs22.x"
  architectures = ["arm64"]
  memory_size   = var.memory_mb
  # A gateway gives up after 30 s; the function answers a long completion after 25.
  timeout                        = 29
  reserved_concurrent_executions = var.reserved_concurrency

  environment {
    variables = local.environment
  }

  logging_config {
    log_format            = "JSON"
    log_group             = aws_cloudwatch_log_group.function.name
    application_log_level = "INFO"
    system_log_level      = "WARN"
  }

  tracing_config {
    mode = var.tracing ? "Active" : "PassThrough"
  }

  lifecycle {
    precondition {
      condition     = var.expires_in_default <= var.expires_in_max
      error_message = "expires_in_default is more than expires_in_max."
    }

    precondition {
      condition     = var.bucket_max_signature_age_seconds == null ? true : var.expires_in_max <= var.bucket_max_signature_age_seconds
      error_message = "expires_in_max is more than the age up to which the bucket accepts a signature: such a URL would be refused while it says that it is good."
    }

    precondition {
      condition     = var.bucket_abort_incomplete_days == null || !local.has_multipart ? true : var.token_life_seconds <= var.bucket_abort_incomplete_days * 86400
      error_message = "token_life_seconds is more than abort_incomplete_days: the bucket would remove the parts of an upload that can still go on."
    }
  }

  # The role may do nothing before its policy is there; and Lambda would make a log group that keeps its logs for ever.
  depends_on = [aws_iam_role_policy.signer, aws_cloudwatch_log_group.function]
}

resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key == null ? null : var.log_kms_key.arn
  tags              = var.tags
}
