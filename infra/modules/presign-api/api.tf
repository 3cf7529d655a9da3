# An HTTP API with exactly the routes of the protocol. Every route wants the same sign-in, and all of them are throttled.

locals {
  capabilities_route = "GET /presign"
  routes = toset(concat(
    [local.capabilities_route, "POST /presign"],
    local.has_multipart ? [for path in ["", "/parts", "/list", "/complete", "/abort"] : "POST /presign/multipart${path}"] : [],
  ))
  # GET tells modes and limits; a page may want to know them before its user has signed in.
  authorization = { for route in local.routes : route => var.open_capabilities && route == local.capabilities_route ? "NONE" : var.authorization }

  # What a page sends: its sign-in, and with AWS_IAM the headers of Signature Version 4.
  cors_headers = concat(
    ["content-type"],
    { AWS_IAM = ["authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"], JWT = ["authorization"], NONE = [] }[var.authorization],
  )
}

resource "aws_apigatewayv2_api" "presign" {
  name          = var.name
  description   = "Signs uploads to ${var.bucket_name}"
  protocol_type = "HTTP"
  # A second address would be one more to guard.
  disable_execute_api_endpoint = var.custom_domain != null
  tags                         = var.tags

  dynamic "cors_configuration" {
    for_each = length(var.cors_allowed_origins) > 0 ? [1] : []

    content {
      allow_origins  = var.cors_allowed_origins
      allow_methods  = ["GET", "POST"]
      allow_headers  = local.cors_headers
      expose_headers = ["apigw-requestid", "retry-after"]
      max_age        = 300
    }
  }

  lifecycle {
    precondition {
      condition     = var.authorization != "JWT" || var.jwt != null
      error_message = "With authorization JWT the variable jwt names the issuer and the audience."
    }
  }
}

resource "aws_apigatewayv2_integration" "presign" {
  api_id                 = aws_apigatewayv2_api.presign.id
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = aws_lambda_function.presign.invoke_arn
  payload_format_version = "2.0"
  # The most that a gateway waits.
  timeout_milliseconds = 30000
}

resource "aws_apigatewayv2_authorizer" "jwt" {
  count = var.authorization == "JWT" ? 1 : 0

  api_id           = aws_apigatewayv2_api.presign.id
  name             = "jwt"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = try(var.jwt.issuer, null)
    audience = try(var.jwt.audience, [])
  }
}

resource "aws_apigatewayv2_route" "presign" {
  for_each = local.routes

  api_id               = aws_apigatewayv2_api.presign.id
  route_key            = each.value
  target               = "integrations/${aws_apigatewayv2_integration.presign.id}"
  authorization_type   = local.authorization[each.value]
  authorizer_id        = local.authorization[each.value] == "JWT" ? aws_apigatewayv2_authorizer.jwt[0].id : null
  authorization_scopes = local.authorization[each.value] == "JWT" ? try(var.jwt.scopes, null) : null
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.presign.id
  name        = "$default"
  auto_deploy = true
  tags        = var.tags

  # Both limits, always: what is left out is sent as 0, and the API would answer 429 to everything.
  default_route_settings {
    throttling_burst_limit   = var.throttle.burst
    throttling_rate_limit    = var.throttle.requests_per_second
    detailed_metrics_enabled = true
  }

  # No query, no header and no body: whatever opens a door stays out of the log.
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api.arn
    format = jsonencode({
      time             = "$context.requestTime"
      requestId        = "$context.requestId"
      ip               = "$context.identity.sourceIp"
      route            = "$context.routeKey"
      status           = "$context.status"
      responseLength   = "$context.responseLength"
      latency          = "$context.responseLatency"
      integrationError = "$context.integrationErrorMessage"
      authorizerError  = "$context.authorizer.error"
      gatewayError     = "$context.error.message"
    })
  }
}

# Under /aws/vendedlogs/ the policy of the log service never grows over its limit.
resource "aws_cloudwatch_log_group" "api" {
  name              = "/aws/vendedlogs/${var.name}-api"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_kms_key == null ? null : var.log_kms_key.arn
  tags              = var.tags
}

# One for each route, and none for a path that is no route.
resource "aws_lambda_permission" "api" {
  for_each = local.routes

  statement_id  = replace(trimspace(replace(each.value, "/[^A-Za-z]+/", "-")), "/^-|-$/", "")
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.presign.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.presign.execution_arn}/*/${replace(each.value, " /", "/")}"
}
