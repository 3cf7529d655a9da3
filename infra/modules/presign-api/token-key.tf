# Upload tokens are signed with a secret that the function derives from this key when it starts. The key never leaves
# KMS, and the secret stands in no variable, no state and no parameter. infra/README.md weighs the other ways.

locals {
  uses_tokens    = local.has_multipart || var.idempotent_create
  makes_key      = local.uses_tokens && var.token_key == null
  token_key_arn  = local.makes_key ? aws_kms_key.token[0].arn : local.uses_tokens ? var.token_key.arn : null
  account_policy = { Version = "2012-10-17", Statement = [local.account_decides] }

  # The account's IAM policies decide; KMS refuses a key that nobody could ever manage again.
  account_decides = {
    Sid       = "AccountDecides"
    Effect    = "Allow"
    Principal = { AWS = "arn:${local.partition}:iam::${local.account_id}:root" }
    Action    = "kms:*"
    Resource  = "*"
  }
}

resource "aws_kms_key" "token" {
  count = local.makes_key ? 1 : 0

  description              = "Signs the upload tokens of ${var.name}"
  key_usage                = "GENERATE_VERIFY_MAC"
  customer_master_key_spec = "HMAC_256"
  # KMS cannot rotate HMAC keys by itself; token_key_generation does.
  enable_key_rotation     = false
  deletion_window_in_days = 7
  policy                  = jsonencode(local.account_policy)
  tags                    = var.tags
}
