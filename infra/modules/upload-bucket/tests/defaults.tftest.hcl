# What a bucket gets from nothing but its name.

mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name = "acme-uploads"
}

run "the_policies_can_be_read_before_anything_exists" {
  command = plan

  assert {
    condition     = length(jsondecode(aws_s3_bucket_policy.this.policy).Statement) == 6
    error_message = "an unknown value makes the whole policy unreadable in a plan"
  }

  assert {
    condition     = length(jsondecode(aws_s3_bucket_policy.logs[0].policy).Statement) == 6
    error_message = "the same for the log bucket"
  }
}

run "what_a_bucket_gets_from_its_name" {
  command = apply

  # it is closed
  assert {
    condition = alltrue([
      for block in [aws_s3_bucket_public_access_block.this, aws_s3_bucket_public_access_block.logs[0]] :
      block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets
    ])
    error_message = "all four flags of Block Public Access must be on"
  }

  assert {
    condition     = one(aws_s3_bucket_ownership_controls.this.rule).object_ownership == "BucketOwnerEnforced"
    error_message = "ACLs must be off"
  }

  assert {
    condition     = one(aws_s3_bucket_versioning.this.versioning_configuration).status == "Enabled"
    error_message = "what was overwritten must come back"
  }

  assert {
    condition     = aws_s3_bucket.this.force_destroy == false
    error_message = "destroy must not delete objects unless asked to"
  }

  # it is encrypted with keys of s3
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "SSE-S3 is the default"
  }

  assert {
    condition     = length(aws_kms_key.this) == 0 && output.kms_key == null
    error_message = "no key without SSE-KMS"
  }

  # what uploads leave is cleared away
  assert {
    condition = one([
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule :
      rule.status == "Enabled" && one(rule.abort_incomplete_multipart_upload).days_after_initiation == 1 && one(rule.noncurrent_version_expiration).noncurrent_days == 30
      if rule.id == "clear-away-what-uploads-leave"
    ])
    error_message = "unfinished uploads must go after a day and old versions after thirty"
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this.rule) == 1
    error_message = "uploads must be kept unless asked otherwise"
  }

  # no page may upload
  assert {
    condition     = length(aws_s3_bucket_cors_configuration.this) == 0
    error_message = "without origins there must be no CORS at all"
  }

  # requests are logged in a bucket of their own
  assert {
    condition     = aws_s3_bucket_logging.this[0].target_bucket == "acme-uploads-logs" && aws_s3_bucket_logging.this[0].target_prefix == "acme-uploads/"
    error_message = "the log must go to acme-uploads-logs, under the name of the bucket"
  }

  assert {
    condition = [for s in jsondecode(aws_s3_bucket_policy.logs[0].policy).Statement : s if s.Effect == "Allow"] == [{
      Sid       = "LogDelivery", Effect = "Allow", Principal = { Service = "logging.s3.amazonaws.com" }
      Action    = "s3:PutObject", Resource = "arn:aws:s3:::acme-uploads-logs/acme-uploads/*"
      Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:s3:::acme-uploads" }, StringEquals = { "aws:SourceAccount" = "111122223333" } }
    }]
    error_message = "only the log service may write, and only for this bucket"
  }

  assert {
    condition     = contains([for s in jsondecode(aws_s3_bucket_policy.logs[0].policy).Statement : s.Sid], "DenySigV2")
    error_message = "what a service delivers may carry no signature that S3 tells of"
  }

  assert {
    condition     = one(one(aws_s3_bucket_lifecycle_configuration.logs[0].rule).expiration).days == 365
    error_message = "logs must be kept for a year"
  }

  # eventbridge hears of uploads and nobody scans them
  assert {
    condition     = aws_s3_bucket_notification.this[0].eventbridge && length(aws_guardduty_malware_protection_plan.this) == 0
    error_message = "EventBridge costs nothing and is on; GuardDuty is billed and off"
  }
}

run "the_policy_denies_and_grants_nothing" {
  command = apply

  # the policy grants nothing
  assert {
    condition     = alltrue([for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : s.Effect == "Deny" && s.Principal == "*"])
    error_message = "every statement must deny, to everybody"
  }

  assert {
    condition = [for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : s.Sid] == [
      "DenyInsecureTransport", "DenyTlsBelow12", "DenyStaleSignature", "DenyUnsignedOrSigV2", "DenyCustomerProvidedKeys", "DenyWrongEncryption",
    ]
    error_message = "a guard is missing, or there is a new one without a test"
  }

  # the text of each guard
  assert {
    condition = [for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : s if s.Sid == "DenyInsecureTransport"] == [{
      Sid       = "DenyInsecureTransport", Effect = "Deny", Principal = "*", Action = "s3:*"
      Resource  = ["arn:aws:s3:::acme-uploads", "arn:aws:s3:::acme-uploads/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
    error_message = "plain HTTP must be refused for the bucket and for its objects"
  }

  assert {
    condition = [for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : s if s.Sid == "DenyTlsBelow12"] == [{
      Sid       = "DenyTlsBelow12", Effect = "Deny", Principal = "*", Action = "s3:*"
      Resource  = ["arn:aws:s3:::acme-uploads", "arn:aws:s3:::acme-uploads/*"]
      Condition = { NumericLessThan = { "s3:TlsVersion" = "1.2" } }
    }]
    error_message = "TLS 1.0 and 1.1 must be refused"
  }

  assert {
    condition = [for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : s if s.Sid == "DenyStaleSignature"] == [{
      Sid       = "DenyStaleSignature", Effect = "Deny", Principal = "*", Action = "s3:PutObject"
      Resource  = "arn:aws:s3:::acme-uploads/*"
      Condition = { NumericGreaterThan = { "s3:signatureAge" = "900000" } }
    }]
    error_message = "a signature must be too old after 900 s, written in milliseconds"
  }

  assert {
    condition = [for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : s if s.Sid == "DenyUnsignedOrSigV2"] == [{
      Sid       = "DenyUnsignedOrSigV2", Effect = "Deny", Principal = "*", Action = ["s3:PutObject", "s3:GetObject"]
      Resource  = "arn:aws:s3:::acme-uploads/*"
      Condition = { StringNotEquals = { "s3:signatureversion" = "AWS4-HMAC-SHA256" } }
    }]
    error_message = "only Signature Version 4 may put and get"
  }

  assert {
    condition = [for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : s if s.Sid == "DenyCustomerProvidedKeys"] == [{
      Sid       = "DenyCustomerProvidedKeys", Effect = "Deny", Principal = "*", Action = "s3:PutObject"
      Resource  = "arn:aws:s3:::acme-uploads/*"
      Condition = { Null = { "s3:x-amz-server-side-encryption-customer-algorithm" = "false" } }
    }]
    error_message = "SSE-C must be refused"
  }

  assert {
    condition = [for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : s if s.Sid == "DenyWrongEncryption"] == [{
      Sid      = "DenyWrongEncryption", Effect = "Deny", Principal = "*", Action = "s3:PutObject"
      Resource = "arn:aws:s3:::acme-uploads/*"
      Condition = {
        Null            = { "s3:x-amz-server-side-encryption" = "false" }
        StringNotEquals = { "s3:x-amz-server-side-encryption" = "AES256" }
      }
    }]
    error_message = "another encryption must be refused, and a request without the header must pass"
  }
}
