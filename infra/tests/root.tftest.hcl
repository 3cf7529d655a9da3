# How the modules are put together.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  region      = "eu-central-1"
  bucket_name = "acme-uploads"
  lambda_zip  = "tests/lambda.zip.txt"
}

run "commands_to_run_next" {
  command = apply

  variables {
    allowed_origins = ["https://app.example.com"]
  }

  assert {
    condition     = output.next.upload == "s3up put FILE --endpoint https://a1b2c3.execute-api.eu-central-1.amazonaws.com/presign --auth iam"
    error_message = "the upload, with the sign-in"
  }

  assert {
    condition     = output.next.audit == "s3up audit acme-uploads --prefix uploads/ --origin https://app.example.com --max-age 900s --function s3up-presign"
    error_message = "the audit, with the intent"
  }

  assert {
    condition     = output.site == null && output.next.page == null
    error_message = "no page unless asked for"
  }
}

run "one_limit_for_urls_everywhere" {
  command = plan

  variables {
    expires_in_max = 600
  }

  assert {
    condition     = strcontains(module.bucket.policy, "\"s3:signatureAge\":\"600000\"")
    error_message = "the bucket must follow the signer"
  }
}

run "a_short_life_leaves_two_minutes_for_clocks" {
  command = plan

  variables {
    expires_in_default = 30
    expires_in_max     = 30
  }

  assert {
    condition     = strcontains(module.bucket.policy, "\"s3:signatureAge\":\"120000\"")
    error_message = "two minutes at least"
  }
}

run "kms_reaches_the_role" {
  command = apply

  variables {
    encryption = "SSE-KMS"
  }

  assert {
    condition     = strcontains(module.api.role_policy, "kms:GenerateDataKey") && strcontains(output.next.audit, "--encryption aws:kms")
    error_message = "the signer must be able to use the bucket's key"
  }
}

run "forms_are_let_in_by_cors" {
  command = plan

  variables {
    modes           = ["put", "post"]
    allowed_origins = ["https://app.example.com"]
  }

  assert {
    condition     = module.api.environment.MODES == "put,post"
    error_message = "forms are offered"
  }
}

run "the_page" {
  command = apply

  variables {
    authorization = "JWT"
    jwt           = { issuer = "https://login.example.com", audience = ["uploads"] }
    site          = {}
  }

  assert {
    condition     = output.site.bucket_name == "acme-uploads-site" && strcontains(output.next.page, "s3://acme-uploads-site/")
    error_message = "its bucket and the command that fills it"
  }

  assert {
    condition     = strcontains(output.next.audit, "--origin https://d111111abcdef8.cloudfront.net")
    error_message = "the page's origin must be among those of bucket and API"
  }
}

run "a_page_that_nobody_can_sign_in_to" {
  command = plan

  variables {
    site = {}
  }

  expect_failures = [check.page_can_sign_in]
}
