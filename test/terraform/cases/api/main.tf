# The whole pattern in one root: bucket, signer's role and function, HTTP API.
resource "aws_s3_bucket" "uploads" {
  bucket = "acme-api-uploads"
}

resource "aws_s3_bucket_cors_configuration" "uploads" {
  bucket = aws_s3_bucket.uploads.id

  cors_rule {
    allowed_methods = ["PUT"]
    allowed_origins = ["https://app.example.com"]
    allowed_headers = ["content-type"]
    expose_headers  = ["ETag"]
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "signer" {
  name               = "acme-signer"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "signer" {
  statement {
    actions   = ["s3:PutObject", "s3:GetObject"]
    resources = ["${aws_s3_bucket.uploads.arn}/*"]
  }
}

resource "aws_iam_policy" "signer" {
  name   = "acme-signer"
  policy = data.aws_iam_policy_document.signer.json
}

resource "aws_iam_role_policy_attachment" "signer" {
  role       = aws_iam_role.signer.name
  policy_arn = aws_iam_policy.signer.arn
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.signer.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "signer" {
  function_name = "acme-signer"
  role          = aws_iam_role.signer.arn
  filename      = "${path.module}/main.tf"
  handler       = "index.handler"
  runtime       = "nodejs22.x"

  environment {
    variables = {
      UPLOAD_BUCKET     = aws_s3_bucket.uploads.id
      URL_EXPIRATION    = "3600"
      DATABASE_PASSWORD = "hunter2-must-not-be-told"
    }
  }
}

resource "aws_apigatewayv2_api" "uploads" {
  name          = "acme-uploads"
  protocol_type = "HTTP"

  cors_configuration {
    allow_origins = ["*"]
    allow_methods = ["POST"]
  }
}

resource "aws_apigatewayv2_integration" "signer" {
  api_id                 = aws_apigatewayv2_api.uploads.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.signer.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "presign" {
  api_id    = aws_apigatewayv2_api.uploads.id
  route_key = "POST /presign"
  target    = "integrations/${aws_apigatewayv2_integration.signer.id}"
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.uploads.id
  name        = "$default"
  auto_deploy = true
}

resource "aws_lambda_permission" "api" {
  function_name = aws_lambda_function.signer.function_name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.uploads.execution_arn}/*/*"
}
