# What is refused before anything is planned: in each run every variable that is set must fail. A run takes a second,
# so one tries a bad value of many variables.

mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name = "acme-uploads-site"
}

run "bad_values_1_of_2" {
  command = plan

  variables {
    # a name with a dot
    name = "acme.site"
    # inline scripts
    content_security_policy = "script-src 'unsafe-inline'"
    # a certificate of another region
    custom_domain = { name = "upload.example.com", certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/1" }
    # a price class that is none
    price_class = "PriceClass_50"
  }

  expect_failures = [var.name, var.content_security_policy, var.custom_domain, var.price_class]
}

run "bad_values_2_of_2" {
  command = plan

  variables {
    # a policy of two lines
    content_security_policy = "default-src 'none';\nscript-src 'self'"
    # a domain that is none
    custom_domain = { name = "upload", certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/1" }
  }

  expect_failures = [var.content_security_policy, var.custom_domain]
}
