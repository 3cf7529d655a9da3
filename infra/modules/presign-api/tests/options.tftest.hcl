# Each option does what it says.

mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  region      = "eu-central-1"
  bucket_name = "acme-uploads"
  lambda_zip  = "../../tests/lambda.zip.txt"
}

run "single_puts_only" {
  command = apply

  variables {
    modes = ["put"]
  }

  assert {
    condition     = toset([for route in aws_apigatewayv2_route.presign : route.route_key]) == toset(["GET /presign", "POST /presign"])
    error_message = "no routes for parts"
  }

  assert {
    condition     = flatten([for s in jsondecode(aws_iam_role_policy.signer.policy).Statement : s.Action if startswith(flatten([s.Action])[0], "s3:")]) == ["s3:PutObject"]
    error_message = "no rights for parts"
  }

  assert {
    condition     = length(aws_kms_key.token) == 0 && !contains(keys(output.environment), "TOKEN_KEY")
    error_message = "no tokens, no key"
  }
}

run "jwt" {
  command = apply

  variables {
    authorization = "JWT"
    jwt           = { issuer = "https://login.example.com/realm", audience = ["uploads"], scopes = ["upload"] }
  }

  assert {
    condition     = alltrue([for route in aws_apigatewayv2_route.presign : route.authorization_type == "JWT" && route.authorizer_id == aws_apigatewayv2_authorizer.jwt[0].id && route.authorization_scopes == toset(["upload"])])
    error_message = "every route must want the token and its scope"
  }

  assert {
    condition     = one(aws_apigatewayv2_authorizer.jwt[0].jwt_configuration).issuer == "https://login.example.com/realm" && one(aws_apigatewayv2_authorizer.jwt[0].jwt_configuration).audience == toset(["uploads"])
    error_message = "from this issuer, for this audience"
  }

  assert {
    condition     = output.environment.AUTH == "jwt"
    error_message = "the backend must believe the token's subject"
  }
}

run "open_to_everybody" {
  command = apply

  variables {
    authorization = "NONE"
    throttle      = { requests_per_second = 2, burst = 3 }
  }

  assert {
    condition     = alltrue([for route in aws_apigatewayv2_route.presign : route.authorization_type == "NONE"]) && output.environment.AUTH == "none"
    error_message = "nobody signs in"
  }

  assert {
    condition     = one(aws_apigatewayv2_stage.default.default_route_settings).throttling_rate_limit == 2 && one(aws_apigatewayv2_stage.default.default_route_settings).throttling_burst_limit == 3
    error_message = "and all the more is it throttled"
  }
}

run "half_a_throttle_keeps_the_other_limit" {
  command = apply

  variables {
    throttle = { requests_per_second = 50 }
  }

  assert {
    condition     = one(aws_apigatewayv2_stage.default.default_route_settings).throttling_rate_limit == 50 && one(aws_apigatewayv2_stage.default.default_route_settings).throttling_burst_limit == 20
    error_message = "neither limit may ever be 0"
  }
}

run "open_capabilities" {
  command = apply

  variables {
    open_capabilities = true
  }

  assert {
    condition     = [for route in aws_apigatewayv2_route.presign : route.route_key if route.authorization_type == "NONE"] == ["GET /presign"]
    error_message = "only what tells modes and limits may be open"
  }
}

run "pages" {
  command = apply

  variables {
    cors_allowed_origins = ["https://app.example.com", "http://localhost:5173"]
  }

  assert {
    condition = (
      one(aws_apigatewayv2_api.presign.cors_configuration).allow_origins == toset(["https://app.example.com", "http://localhost:5173"]) &&
      one(aws_apigatewayv2_api.presign.cors_configuration).allow_methods == toset(["GET", "POST"]) &&
      one(aws_apigatewayv2_api.presign.cors_configuration).allow_credentials != true
    )
    error_message = "these pages, these methods, no cookies"
  }

  assert {
    condition     = contains(one(aws_apigatewayv2_api.presign.cors_configuration).allow_headers, "authorization") && contains(one(aws_apigatewayv2_api.presign.cors_configuration).allow_headers, "content-type")
    error_message = "a page must be able to send JSON and its sign-in"
  }
}

run "an_encrypted_bucket" {
  command = apply

  variables {
    bucket_kms_key = { arn = "arn:aws:kms:eu-central-1:111122223333:key/99999999-2222-3333-4444-555555555555" }
  }

  assert {
    condition = [for s in jsondecode(aws_iam_role_policy.signer.policy).Statement : s if s.Sid == "EncryptUploads"] == [{
      Sid       = "EncryptUploads", Effect = "Allow", Action = ["kms:GenerateDataKey", "kms:Decrypt"]
      Resource  = "arn:aws:kms:eu-central-1:111122223333:key/99999999-2222-3333-4444-555555555555"
      Condition = { StringEquals = { "kms:ViaService" = "s3.eu-central-1.amazonaws.com" } }
    }]
    error_message = "the key may be used through S3 only"
  }
}

run "an_encrypted_bucket_without_parts" {
  command = apply

  variables {
    modes          = ["put", "post"]
    bucket_kms_key = { arn = "arn:aws:kms:eu-central-1:111122223333:key/99999999-2222-3333-4444-555555555555" }
  }

  assert {
    condition     = one([for s in jsondecode(aws_iam_role_policy.signer.policy).Statement : s.Action if s.Sid == "EncryptUploads"]) == ["kms:GenerateDataKey"]
    error_message = "nothing is decrypted where nothing is put together"
  }
}

run "idempotent_create" {
  command = apply

  variables {
    idempotent_create = true
  }

  assert {
    condition = [for s in jsondecode(aws_iam_role_policy.signer.policy).Statement : s if s.Sid == "FindAnEarlierUpload"] == [{
      Sid = "FindAnEarlierUpload", Effect = "Allow", Action = ["s3:ListBucketMultipartUploads"], Resource = "arn:aws:s3:::acme-uploads"
    }]
    error_message = "the one list that it needs"
  }
}

run "a_token_key_that_is_given" {
  command = apply

  variables {
    token_key            = { arn = "arn:aws:kms:eu-central-1:111122223333:key/77777777-2222-3333-4444-555555555555" }
    token_key_generation = 3
  }

  assert {
    condition     = length(aws_kms_key.token) == 0 && output.environment.TOKEN_KEY == "arn:aws:kms:eu-central-1:111122223333:key/77777777-2222-3333-4444-555555555555" && output.environment.TOKEN_KEY_GENERATION == "3"
    error_message = "the given key, its third generation"
  }
}

run "settings_of_the_backend" {
  command = apply

  variables {
    key_prefix            = "team/drop/"
    modes                 = ["put", "post", "multipart"]
    max_size              = 104857600
    multipart_threshold   = 8388608
    part_size             = 8388608
    allowed_content_types = ["image/*", "application/pdf"]
    expires_in_default    = 60
    expires_in_max        = 120
    require_size          = false
    allow_overwrite       = true
    token_life_seconds    = 3600
  }

  assert {
    condition = alltrue([
      for name, value in {
        KEY_PREFIX   = "team/drop", MODES = "put,post,multipart", MAX_SIZE = "104857600", MULTIPART_THRESHOLD = "8388608", PART_SIZE = "8388608"
        REQUIRE_SIZE = "false", ALLOWED_CONTENT_TYPES = "image/*,application/pdf", EXPIRES_IN_DEFAULT = "60", EXPIRES_IN_MAX = "120", OVERWRITE = "allowed"
        TOKEN_LIFE   = "3600"
      } : output.environment[name] == value
    ])
    error_message = "each option is a variable of the backend"
  }

  assert {
    condition     = one([for s in jsondecode(output.role_policy).Statement : s.Resource if s.Sid == "Upload"]) == "arn:aws:s3:::acme-uploads/team/drop/*"
    error_message = "the role must follow the prefix"
  }
}

run "a_name_of_ones_own" {
  command = apply

  variables {
    custom_domain = {
      name            = "uploads.example.com"
      certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/11111111-2222-3333-4444-555555555555"
      hosted_zone_id  = "Z123"
    }
  }

  assert {
    condition     = output.endpoint == "https://uploads.example.com/presign" && aws_apigatewayv2_api.presign.disable_execute_api_endpoint
    error_message = "one address, not two"
  }

  assert {
    condition     = one(aws_apigatewayv2_domain_name.this[0].domain_name_configuration).security_policy == "TLS_1_2" && aws_route53_record.this[0].name == "uploads.example.com"
    error_message = "TLS 1.2 at least, and a record"
  }
}

run "a_name_whose_zone_is_elsewhere" {
  command = apply

  variables {
    custom_domain = {
      name            = "uploads.example.com"
      certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/11111111-2222-3333-4444-555555555555"
    }
  }

  assert {
    condition     = length(aws_route53_record.this) == 0 && output.custom_domain_target == "d-1.execute-api.eu-central-1.amazonaws.com"
    error_message = "no record, and the target to make it from"
  }
}

run "a_small_account" {
  command = apply

  variables {
    reserved_concurrency = -1
    memory_mb            = 256
    tracing              = false
    alarms               = false
    log_retention_days   = 30
    log_kms_key          = { arn = "arn:aws:kms:eu-central-1:111122223333:key/66666666-2222-3333-4444-555555555555" }
  }

  assert {
    condition     = aws_lambda_function.presign.reserved_concurrent_executions == -1 && aws_lambda_function.presign.memory_size == 256 && one(aws_lambda_function.presign.tracing_config).mode == "PassThrough"
    error_message = "no reservation, less memory, no traces"
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this) == 0 && !contains([for s in jsondecode(aws_iam_role_policy.signer.policy).Statement : s.Sid], "Trace")
    error_message = "no alarms, and no right to trace"
  }

  assert {
    condition     = alltrue([for group in [aws_cloudwatch_log_group.function, aws_cloudwatch_log_group.api] : group.retention_in_days == 30 && group.kms_key_id == "arn:aws:kms:eu-central-1:111122223333:key/66666666-2222-3333-4444-555555555555"])
    error_message = "both logs for a month, with the key"
  }
}

run "alarms_that_somebody_hears" {
  command = apply

  variables {
    alarm_actions            = ["arn:aws:sns:eu-central-1:111122223333:on-call"]
    alarm_refused_requests   = 5
    permissions_boundary_arn = "arn:aws:iam::111122223333:policy/boundary"
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_actions == toset(["arn:aws:sns:eu-central-1:111122223333:on-call"])]) && aws_cloudwatch_metric_alarm.this["api-4xx"].threshold == 5
    error_message = "each alarm must tell"
  }

  assert {
    condition     = aws_iam_role.signer.permissions_boundary == "arn:aws:iam::111122223333:policy/boundary"
    error_message = "the organisation's boundary"
  }
}
