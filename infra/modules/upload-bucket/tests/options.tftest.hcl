# Each option does what it says.

mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name = "acme-uploads"
}

run "origins" {
  command = apply

  variables {
    cors_allowed_origins = ["https://app.example.com", "https://app.example.com:8443", "http://localhost:5173", "http://127.0.0.1", "http://[::1]:3000"]
    cors_allowed_methods = ["PUT", "POST"]
    cors_max_age_seconds = 0
  }

  assert {
    condition = (
      one(aws_s3_bucket_cors_configuration.this[0].cors_rule).allowed_origins == toset(["https://app.example.com", "https://app.example.com:8443", "http://localhost:5173", "http://127.0.0.1", "http://[::1]:3000"]) &&
      one(aws_s3_bucket_cors_configuration.this[0].cors_rule).allowed_methods == toset(["PUT", "POST"]) &&
      one(aws_s3_bucket_cors_configuration.this[0].cors_rule).max_age_seconds == 0
    )
    error_message = "CORS must say what was asked for"
  }

  assert {
    condition = (
      contains(one(aws_s3_bucket_cors_configuration.this[0].cors_rule).expose_headers, "ETag") &&
      alltrue([for name in ["content-type", "if-none-match", "x-amz-meta-*", "x-amz-checksum-*"] : contains(one(aws_s3_bucket_cors_configuration.this[0].cors_rule).allowed_headers, name)])
    )
    error_message = "pages must be able to send what is signed, and to read the ETag"
  }
}

run "a_limit_on_signatures_in_milliseconds" {
  command = plan

  variables {
    max_signature_age_seconds = 120
  }

  assert {
    condition     = strcontains(aws_s3_bucket_policy.this.policy, "{\"NumericGreaterThan\":{\"s3:signatureAge\":\"120000\"}}")
    error_message = "120 s are 120000 ms"
  }
}

run "kms_with_a_key_of_its_own" {
  command = apply

  variables {
    encryption = "SSE-KMS"
  }

  assert {
    condition     = aws_kms_key.this[0].enable_key_rotation && aws_kms_key.this[0].deletion_window_in_days == 30
    error_message = "the key must rotate, and must be there for a month after a mistake"
  }

  assert {
    condition = (
      one(aws_s3_bucket_server_side_encryption_configuration.this.rule).bucket_key_enabled &&
      one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms" &&
      one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).kms_master_key_id == aws_kms_key.this[0].arn
    )
    error_message = "the bucket must use the key, with a bucket key that saves calls"
  }

  assert {
    condition = [for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : s.Condition if s.Sid == "DenyWrongKmsKey"] == [{
      Null         = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "false" }
      ArnNotEquals = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = aws_kms_key.this[0].arn }
    }]
    error_message = "another key must be refused"
  }

  assert {
    condition     = one([for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : s.Condition.StringNotEquals["s3:x-amz-server-side-encryption"] if s.Sid == "DenyWrongEncryption"]) == "aws:kms"
    error_message = "another algorithm must be refused"
  }

  assert {
    condition     = output.kms_key.arn == aws_kms_key.this[0].arn
    error_message = "the signer's role needs the key"
  }
}

run "kms_with_a_key_that_is_given" {
  command = plan

  variables {
    encryption = "SSE-KMS"
    kms_key    = { arn = "arn:aws:kms:eu-central-1:111122223333:key/99999999-2222-3333-4444-555555555555" }
  }

  assert {
    condition     = length(aws_kms_key.this) == 0 && output.kms_key.arn == "arn:aws:kms:eu-central-1:111122223333:key/99999999-2222-3333-4444-555555555555"
    error_message = "no second key"
  }

  assert {
    condition     = strcontains(aws_s3_bucket_policy.this.policy, "key/99999999-2222-3333-4444-555555555555")
    error_message = "the policy must name the key, readable in a plan"
  }
}

run "a_key_without_kms_is_not_used" {
  command = plan

  variables {
    kms_key = { arn = "arn:aws:kms:eu-central-1:111122223333:key/99999999-2222-3333-4444-555555555555" }
  }

  assert {
    condition     = output.kms_key == null
    error_message = "SSE-S3 has no key"
  }
}

run "no_overwriting" {
  command = plan

  variables {
    deny_overwrite = true
    key_prefix     = "team/drop/"
  }

  assert {
    condition = [for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : s if s.Sid == "DenyOverwrite"] == [{
      Sid       = "DenyOverwrite", Effect = "Deny", Principal = "*", Action = "s3:PutObject"
      Resource  = "arn:aws:s3:::acme-uploads/team/drop/*"
      Condition = { Null = { "s3:if-none-match" = "true" }, Bool = { "s3:ObjectCreationOperation" = "true" } }
    }]
    error_message = "puts without if-none-match must be refused below the prefix, and parts of an upload spared"
  }
}

run "lifecycle" {
  command = plan

  variables {
    abort_incomplete_days = 7
    noncurrent_days       = 90
    expire_uploads_days   = 14
  }

  assert {
    condition     = toset([for rule in aws_s3_bucket_lifecycle_configuration.this.rule : rule.id]) == toset(["clear-away-what-uploads-leave", "expire-uploads"])
    error_message = "there must be a second rule"
  }

  assert {
    condition = one([
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule : one(rule.filter).prefix == "uploads/" && one(rule.expiration).days == 14
      if rule.id == "expire-uploads"
    ])
    error_message = "only uploads expire"
  }

  assert {
    condition = one([
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule : one(rule.abort_incomplete_multipart_upload).days_after_initiation == 7 && one(rule.noncurrent_version_expiration).noncurrent_days == 90
      if rule.id == "clear-away-what-uploads-leave"
    ])
    error_message = "days as asked for"
  }
}

run "logs_in_a_bucket_that_is_there" {
  command = plan

  variables {
    log_bucket = { name = "acme-logs" }
  }

  assert {
    condition     = length(aws_s3_bucket.logs) == 0 && aws_s3_bucket_logging.this[0].target_bucket == "acme-logs"
    error_message = "no second log bucket"
  }
}

run "no_logs" {
  command = plan

  variables {
    access_logs = false
  }

  assert {
    condition     = length(aws_s3_bucket_logging.this) == 0 && length(aws_s3_bucket.logs) == 0 && output.log_bucket_name == null
    error_message = "nothing about logs may be left"
  }
}

run "malware_scan" {
  command = apply

  variables {
    malware_protection = true
    encryption         = "SSE-KMS"
  }

  assert {
    condition     = aws_guardduty_malware_protection_plan.this[0].protected_resource[0].s3_bucket[0].object_prefixes == toset(["uploads/"]) && aws_guardduty_malware_protection_plan.this[0].actions[0].tagging[0].status == "ENABLED"
    error_message = "uploads must be scanned and tagged"
  }

  assert {
    condition     = jsondecode(aws_iam_role.malware[0].assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "111122223333"
    error_message = "only GuardDuty of this account may take the role"
  }

  assert {
    condition = alltrue([
      for s in jsondecode(aws_iam_role_policy.malware[0].policy).Statement :
      alltrue([for action in flatten([s.Action]) : !strcontains(action, "*")]) && alltrue([for resource in flatten([s.Resource]) : resource != "*"])
    ])
    error_message = "no wildcard for actions, and none for all resources"
  }

  assert {
    condition     = one([for s in jsondecode(aws_iam_role_policy.malware[0].policy).Statement : s.Resource if s.Sid == "DecryptUploads"]) == aws_kms_key.this[0].arn
    error_message = "it must be able to decrypt"
  }
}

run "no_events" {
  command = plan

  variables {
    eventbridge = false
  }

  assert {
    condition     = length(aws_s3_bucket_notification.this) == 0
    error_message = "nothing may be left of EventBridge"
  }
}

run "force_destroy" {
  command = plan

  variables {
    force_destroy = true
  }

  assert {
    condition     = aws_s3_bucket.this.force_destroy && aws_s3_bucket.logs[0].force_destroy
    error_message = "both buckets must let their objects go"
  }
}
