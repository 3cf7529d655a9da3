# What a deployment gets from nothing but names.

mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  region      = "eu-central-1"
  bucket_name = "acme-uploads"
  lambda_zip  = "../../tests/lambda.zip.txt"
}

run "the_role_may_upload_and_no_more" {
  command = apply

  assert {
    condition = [for s in jsondecode(aws_iam_role_policy.signer.policy).Statement : s if anytrue([for a in flatten([s.Action]) : startswith(a, "s3:")])] == [{
      Sid      = "Upload", Effect = "Allow"
      Action   = ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
      Resource = "arn:aws:s3:::acme-uploads/uploads/*"
    }]
    error_message = "three actions below the prefix, and nothing else of S3"
  }

  assert {
    condition = [for s in jsondecode(aws_iam_role_policy.signer.policy).Statement : s if s.Sid == "WriteItsOwnLog"] == [{
      Sid      = "WriteItsOwnLog", Effect = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/s3up-presign:*"
    }]
    error_message = "its own log, and no other"
  }

  assert {
    condition = [for s in jsondecode(aws_iam_role_policy.signer.policy).Statement : s if s.Sid == "DeriveTheTokenSecret"] == [{
      Sid       = "DeriveTheTokenSecret", Effect = "Allow", Action = ["kms:GenerateMac"], Resource = aws_kms_key.token[0].arn
      Condition = { StringEquals = { "kms:MacAlgorithm" = "HMAC_SHA_256" } }
    }]
    error_message = "one action of one key"
  }

  assert {
    condition     = [for s in jsondecode(aws_iam_role_policy.signer.policy).Statement : s.Sid if s.Resource == "*"] == ["Trace"]
    error_message = "X-Ray alone has no resources to name"
  }

  assert {
    condition     = length(jsondecode(aws_iam_role_policy.signer.policy).Statement) == 4
    error_message = "a statement more needs a test"
  }

  assert {
    condition = jsondecode(aws_iam_role.signer.assume_role_policy).Statement == [{
      Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole"
    }]
    error_message = "only Lambda may take the role"
  }
}

run "the_function_and_its_settings" {
  command = apply

  # the function
  assert {
    condition     = aws_lambda_function.presign.runtime == "nodejs22.x" && aws_lambda_function.presign.architectures == tolist(["arm64"]) && aws_lambda_function.presign.handler == "lambda.handler"
    error_message = "the bundle is an ES module with the export handler"
  }

  assert {
    condition     = aws_lambda_function.presign.source_code_hash == filebase64sha256("../../tests/lambda.zip.txt")
    error_message = "the function must change when its zip does, and only then"
  }

  assert {
    condition     = aws_lambda_function.presign.timeout == 29 && aws_apigatewayv2_integration.presign.timeout_milliseconds == 30000 && aws_apigatewayv2_integration.presign.payload_format_version == "2.0"
    error_message = "the function must give up before the gateway does"
  }

  assert {
    condition     = aws_lambda_function.presign.reserved_concurrent_executions == 20 && aws_lambda_function.presign.memory_size == 512 && one(aws_lambda_function.presign.tracing_config).mode == "Active"
    error_message = "limits and tracing"
  }

  assert {
    condition     = one(aws_lambda_function.presign.logging_config).log_format == "JSON" && one(aws_lambda_function.presign.logging_config).log_group == "/aws/lambda/s3up-presign" && aws_cloudwatch_log_group.function.retention_in_days == 365 && aws_cloudwatch_log_group.api.retention_in_days == 365
    error_message = "JSON logs in groups that keep them for a year"
  }

  # its settings
  assert {
    condition = aws_lambda_function.presign.environment[0].variables == tomap({
      BUCKET                = "acme-uploads"
      AUTH                  = "iam"
      KEY_PREFIX            = "uploads"
      MODES                 = "put,multipart"
      MAX_SIZE              = "5368709120"
      ALLOWED_CONTENT_TYPES = "*/*"
      EXPIRES_IN_DEFAULT    = "300"
      EXPIRES_IN_MAX        = "900"
      REQUIRE_SIZE          = "true"
      OVERWRITE             = "never"
      IDEMPOTENT_CREATE     = "false"
      TOKEN_LIFE            = "86400"
      TOKEN_KEY             = aws_kms_key.token[0].arn
      TOKEN_KEY_GENERATION  = "1"
    })
    error_message = "the settings, none of them a secret"
  }

  assert {
    condition     = aws_kms_key.token[0].key_usage == "GENERATE_VERIFY_MAC" && aws_kms_key.token[0].customer_master_key_spec == "HMAC_256"
    error_message = "an HMAC key"
  }
}

run "the_api" {
  command = apply

  # every route wants iam and nothing else is a route
  assert {
    condition = toset([for route in aws_apigatewayv2_route.presign : route.route_key]) == toset([
      "GET /presign", "POST /presign", "POST /presign/multipart", "POST /presign/multipart/parts", "POST /presign/multipart/list",
      "POST /presign/multipart/complete", "POST /presign/multipart/abort",
    ])
    error_message = "the routes of the protocol"
  }

  assert {
    condition     = alltrue([for route in aws_apigatewayv2_route.presign : route.authorization_type == "AWS_IAM"]) && length(aws_apigatewayv2_authorizer.jwt) == 0
    error_message = "each must want a sign-in"
  }

  assert {
    condition = toset([for permission in aws_lambda_permission.api : permission.source_arn]) == toset([
      for route in ["GET/presign", "POST/presign", "POST/presign/multipart", "POST/presign/multipart/parts", "POST/presign/multipart/list", "POST/presign/multipart/complete", "POST/presign/multipart/abort"] :
      "arn:aws:execute-api:eu-central-1:111122223333:a1b2c3/*/${route}"
    ])
    error_message = "the gateway may call the function from its routes only"
  }

  assert {
    condition     = alltrue([for permission in aws_lambda_permission.api : can(regex("^[A-Za-z]+(-[a-z]+)+$", permission.statement_id)) && permission.principal == "apigateway.amazonaws.com"])
    error_message = "statement ids that IAM takes"
  }

  # it is throttled and logged
  assert {
    condition     = one(aws_apigatewayv2_stage.default.default_route_settings).throttling_rate_limit == 10 && one(aws_apigatewayv2_stage.default.default_route_settings).throttling_burst_limit == 20
    error_message = "a limit that is left out is sent as 0, and everything is answered with 429"
  }

  assert {
    condition     = alltrue([for word in ["queryString", "authorization", "header", "requestBody"] : !strcontains(lower(one(aws_apigatewayv2_stage.default.access_log_settings).format), lower("$context.${word}"))]) && !strcontains(one(aws_apigatewayv2_stage.default.access_log_settings).format, "$context.path")
    error_message = "nothing that opens a door may be logged"
  }

  assert {
    condition     = can(jsondecode(one(aws_apigatewayv2_stage.default.access_log_settings).format).requestId)
    error_message = "a line of JSON with the request's id"
  }

  # no page may ask
  assert {
    condition     = length(aws_apigatewayv2_api.presign.cors_configuration) == 0
    error_message = "without origins there must be no CORS"
  }

  # alarms
  assert {
    condition     = toset([for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name]) == toset([for name in ["function-errors", "function-throttles", "function-slow", "api-5xx", "api-4xx"] : "s3up-presign-${name}"])
    error_message = "five alarms"
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.treat_missing_data == "notBreaching"])
    error_message = "an hour without uploads is no alarm"
  }

  # the endpoint
  assert {
    condition     = output.endpoint == "https://a1b2c3.execute-api.eu-central-1.amazonaws.com/presign" && aws_apigatewayv2_api.presign.disable_execute_api_endpoint == false
    error_message = "the gateway's own address"
  }
}
