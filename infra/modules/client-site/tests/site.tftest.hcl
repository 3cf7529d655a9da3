# The page's bucket and its distribution.

mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name = "acme-uploads-site"
}

run "only_the_distribution_reads" {
  command = apply

  assert {
    condition = [for s in jsondecode(aws_s3_bucket_policy.site.policy).Statement : s if s.Effect == "Allow"] == [{
      Sid       = "OnlyTheDistributionReads", Effect = "Allow", Principal = { Service = "cloudfront.amazonaws.com" }
      Action    = "s3:GetObject", Resource = "arn:aws:s3:::acme-uploads-site/*"
      Condition = { StringEquals = { "aws:SourceArn" = "arn:aws:cloudfront::111122223333:distribution/E1" } }
    }]
    error_message = "one distribution, reading only"
  }

  assert {
    condition     = alltrue([for flag in ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"] : aws_s3_bucket_public_access_block.site[flag]])
    error_message = "all four flags of Block Public Access must be on"
  }
}

run "tls_and_reading_only" {
  command = apply

  assert {
    condition     = one(aws_cloudfront_distribution.site.default_cache_behavior).viewer_protocol_policy == "redirect-to-https" && one(aws_cloudfront_distribution.site.default_cache_behavior).allowed_methods == toset(["GET", "HEAD"])
    error_message = "https, GET and HEAD"
  }

  assert {
    condition     = length(aws_cloudfront_response_headers_policy.site) == 0 && one(aws_cloudfront_distribution.site.default_cache_behavior).response_headers_policy_id == "67f7725c-6f97-4210-82d7-5512b31e9d03"
    error_message = "AWS's managed security headers"
  }

  assert {
    condition     = output.origin == "https://d111111abcdef8.cloudfront.net"
    error_message = "the distribution's own address"
  }
}

run "a_content_security_policy" {
  command = apply

  variables {
    content_security_policy = "default-src 'none'; script-src 'sha256-abc='"
  }

  assert {
    condition     = one(one(aws_cloudfront_response_headers_policy.site[0].security_headers_config).content_security_policy).content_security_policy == "default-src 'none'; script-src 'sha256-abc='"
    error_message = "as it was given"
  }

  assert {
    condition     = one(one(aws_cloudfront_response_headers_policy.site[0].security_headers_config).frame_options).frame_option == "DENY"
    error_message = "no page may frame it"
  }
}

run "a_name_of_ones_own" {
  command = apply

  variables {
    custom_domain = { name = "upload.example.com", certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/1", hosted_zone_id = "Z1" }
  }

  assert {
    condition     = one(aws_cloudfront_distribution.site.viewer_certificate).minimum_protocol_version == "TLSv1.2_2021" && aws_cloudfront_distribution.site.aliases == toset(["upload.example.com"])
    error_message = "TLS 1.2 at least"
  }

  assert {
    condition     = length(aws_route53_record.site) == 2 && output.origin == "https://upload.example.com"
    error_message = "records for IPv4 and IPv6"
  }
}
