# The account's own block covers a bucket whose block was forgotten, in this account and not in the other.
provider "aws" {
  alias  = "other"
  region = "eu-central-1"
}

resource "aws_s3_account_public_access_block" "this" {
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket" "here" {
  bucket = "acme-here"
}

resource "aws_s3_bucket_public_access_block" "here" {
  bucket = aws_s3_bucket.here.id
}

resource "aws_s3_bucket" "there" {
  provider = aws.other
  bucket   = "acme-there"
}

resource "aws_s3_bucket_public_access_block" "there" {
  provider = aws.other
  bucket   = aws_s3_bucket.there.id
}
