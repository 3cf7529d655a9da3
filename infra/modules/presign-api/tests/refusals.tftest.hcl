# What is refused before anything is planned: in each run every variable that is set must fail. A run takes a second,
# so one tries a bad value of many variables.

mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name        = "s3up-presign"
  region      = "eu-central-1"
  bucket_name = "acme-uploads"
  lambda_zip  = "../../tests/lambda.zip.txt"
}

run "bad_values_1_of_4" {
  command = plan

  variables {
    # a name with a space
    name = "my function"
    # a region that is none
    region = "Frankfurt"
    # an arn for a bucket
    bucket_name = "arn:aws:s3:::acme-uploads"
    # a zip that is not there
    lambda_zip = "../../tests/no-such.zip"
    # an empty prefix
    key_prefix = ""
    # no mode
    modes = []
    # objects of nothing
    max_size = 0
    # a threshold above a single put
    multipart_threshold = 5368709121
    # parts below the limit of s3
    part_size = 1048576
    # no type
    allowed_content_types = []
    # urls of a week
    expires_in_max = 604800
    # urls of no second
    expires_in_default = 0
    # tokens of a month
    token_life_seconds = 2592000
    # an alias for the token key
    token_key = { arn = "arn:aws:kms:eu-central-1:111122223333:alias/tokens" }
    # a generation before the first
    token_key_generation = 0
    # a sign in that is none
    authorization = "CUSTOM"
    # an issuer over plain http
    jwt = { issuer = "http://login.example.com", audience = ["uploads"] }
    # any origin
    cors_allowed_origins = ["*"]
    # a throttle of zero
    throttle = { requests_per_second = 0 }
    # a function that never runs
    reserved_concurrency = 0
    # too little memory
    memory_mb = 64
    # a retention that cloudwatch has not
    log_retention_days = 100
    # a name for an alarm action
    alarm_actions = ["on-call"]
    # an alarm at nothing
    alarm_refused_requests = 0
    # a domain that is none
    custom_domain = { name = "https://uploads.example.com", certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/1" }
  }

  expect_failures = [var.name, var.region, var.bucket_name, var.lambda_zip, var.key_prefix, var.modes, var.max_size, var.multipart_threshold, var.part_size, var.allowed_content_types, var.expires_in_max, var.expires_in_default, var.token_life_seconds, var.token_key, var.token_key_generation, var.authorization, var.jwt, var.cors_allowed_origins, var.throttle, var.reserved_concurrency, var.memory_mb, var.log_retention_days, var.alarm_actions, var.alarm_refused_requests, var.custom_domain]
}

run "bad_values_2_of_4" {
  command = plan

  variables {
    # a name too long for its alarms
    name = join("", [for i in range(57) : "x"])
    # a prefix that goes up
    key_prefix = "../uploads"
    # a mode that is none
    modes = ["put", "patch"]
    # objects that s3 does not store
    max_size = 60000000000000
    # half a type
    allowed_content_types = ["image"]
    # tokens of a second
    token_life_seconds = 1
    # a token for anybody
    jwt = { issuer = "https://login.example.com", audience = [] }
    # an origin over plain http
    cors_allowed_origins = ["http://app.example.com"]
    # a burst of zero
    throttle = { burst = 0 }
    # a limit below none
    reserved_concurrency = -2
    # a certificate that is none
    custom_domain = { name = "uploads.example.com", certificate_arn = "cert" }
  }

  expect_failures = [var.name, var.key_prefix, var.modes, var.max_size, var.allowed_content_types, var.token_life_seconds, var.jwt, var.cors_allowed_origins, var.throttle, var.reserved_concurrency, var.custom_domain]
}

run "bad_values_3_of_4" {
  command = plan

  variables {
    # a prefix with a wildcard
    key_prefix = "*"
    # a mode twice
    modes = ["put", "put"]
    # half a byte
    max_size = 1.5
    # a wildcard before the slash
    allowed_content_types = ["*/png"]
    # an origin with a path
    cors_allowed_origins = ["https://app.example.com/"]
  }

  expect_failures = [var.key_prefix, var.modes, var.max_size, var.allowed_content_types, var.cors_allowed_origins]
}

run "bad_values_4_of_4" {
  command = plan

  variables {
    # two types in one
    allowed_content_types = ["image/png,text/html"]
  }

  expect_failures = [var.allowed_content_types]
}

# What no single value shows.

run "a_default_above_the_maximum" {
  command = plan

  variables {
    expires_in_default = 901
  }

  expect_failures = [aws_lambda_function.presign]
}

run "urls_that_the_bucket_would_refuse" {
  command = plan

  variables {
    bucket_max_signature_age_seconds = 899
  }

  expect_failures = [aws_lambda_function.presign]
}

run "tokens_that_outlive_their_parts" {
  command = plan

  variables {
    bucket_abort_incomplete_days = 1
    token_life_seconds           = 86401
  }

  expect_failures = [aws_lambda_function.presign]
}

run "jwt_without_an_issuer" {
  command = plan

  variables {
    authorization = "JWT"
  }

  expect_failures = [aws_apigatewayv2_api.presign]
}
