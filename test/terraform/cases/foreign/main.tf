# Companions of buckets that are made elsewhere.
variable "shared" {
  type    = string
  default = "acme-shared"
}

resource "aws_s3_bucket" "own" {
  bucket = "acme-own"
}

resource "aws_s3_bucket_policy" "shared" {
  bucket = var.shared
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::acme-shared/*"
    }]
  })
}

resource "aws_s3_bucket_public_access_block" "shared" {
  bucket                  = var.shared
  block_public_acls       = false
  block_public_policy     = false
  ignore_public_acls      = false
  restrict_public_buckets = false
}
