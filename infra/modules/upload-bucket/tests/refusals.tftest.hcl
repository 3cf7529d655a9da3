# What is refused before anything is planned: in each run every variable that is set must fail. A run takes a second,
# so one tries a bad value of many variables.

mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name = "acme-uploads"
}

run "bad_values_1_of_9" {
  command = plan

  variables {
    # a name with a dot
    name = "acme.uploads"
    # an empty prefix
    key_prefix = ""
    # any origin
    cors_allowed_origins = ["*"]
    # reading from pages
    cors_allowed_methods = ["GET", "PUT"]
    # a preflight for ever
    cors_max_age_seconds = 86401
    # signatures of a day
    max_signature_age_seconds = 86400
    # another encryption
    encryption = "aws:kms"
    # an alias for a key
    kms_key = { arn = "arn:aws:kms:eu-central-1:111122223333:alias/uploads" }
    # parts for ever
    abort_incomplete_days = 0
    # no days for old versions
    noncurrent_days = 0
    # uploads that expire at once
    expire_uploads_days = 0
    # logs for no day
    log_retention_days = 0
  }

  expect_failures = [var.name, var.key_prefix, var.cors_allowed_origins, var.cors_allowed_methods, var.cors_max_age_seconds, var.max_signature_age_seconds, var.encryption, var.kms_key, var.abort_incomplete_days, var.noncurrent_days, var.expire_uploads_days, var.log_retention_days]
}

run "bad_values_2_of_9" {
  command = plan

  variables {
    # a name with capitals
    name = "Acme"
    # a prefix with an empty segment
    key_prefix = "a//b"
    # any subdomain
    cors_allowed_origins = ["https://*.example.com"]
    # deleting from pages
    cors_allowed_methods = ["DELETE"]
    # a preflight of half a second
    cors_max_age_seconds = 0.5
    # signatures of a minute
    max_signature_age_seconds = 60
    # parts for a year
    abort_incomplete_days = 365
  }

  expect_failures = [var.name, var.key_prefix, var.cors_allowed_origins, var.cors_allowed_methods, var.cors_max_age_seconds, var.max_signature_age_seconds, var.abort_incomplete_days]
}

run "bad_values_3_of_9" {
  command = plan

  variables {
    # a name that is too short
    name = "ab"
    # a prefix that goes up
    key_prefix = "uploads/.."
    # an origin over plain http
    cors_allowed_origins = ["http://app.example.com"]
    # no method
    cors_allowed_methods = []
  }

  expect_failures = [var.name, var.key_prefix, var.cors_allowed_origins, var.cors_allowed_methods]
}

run "bad_values_4_of_9" {
  command = plan

  variables {
    # a name that leaves no room for logs
    name = "a${join("", [for i in range(57) : "x"])}z"
    # a prefix with a wildcard
    key_prefix = "uploads*"
    # a host that only begins like localhost
    cors_allowed_origins = ["http://localhost.example.com"]
  }

  expect_failures = [var.name, var.key_prefix, var.cors_allowed_origins]
}

run "bad_values_5_of_9" {
  command = plan

  variables {
    # a prefix with a variable
    key_prefix = "uploads/$${aws:username}"
    # an origin with a slash
    cors_allowed_origins = ["https://app.example.com/"]
  }

  expect_failures = [var.key_prefix, var.cors_allowed_origins]
}

run "bad_values_6_of_9" {
  command = plan

  variables {
    # a prefix that begins with a slash
    key_prefix = "/uploads"
    # an origin with a path
    cors_allowed_origins = ["https://app.example.com/app"]
  }

  expect_failures = [var.key_prefix, var.cors_allowed_origins]
}

run "bad_values_7_of_9" {
  command = plan

  variables {
    # an origin in capitals
    cors_allowed_origins = ["https://App.example.com"]
  }

  expect_failures = [var.cors_allowed_origins]
}

run "bad_values_8_of_9" {
  command = plan

  variables {
    # the origin null
    cors_allowed_origins = ["null"]
  }

  expect_failures = [var.cors_allowed_origins]
}

run "bad_values_9_of_9" {
  command = plan

  variables {
    # one bad origin among good ones
    cors_allowed_origins = ["https://app.example.com", "http://app.example.com"]
  }

  expect_failures = [var.cors_allowed_origins]
}
