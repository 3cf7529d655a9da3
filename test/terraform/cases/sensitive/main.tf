# Values that a plan knows and marks as not to be shown.
variable "partner_account" {
  type      = string
  sensitive = true
  default   = "999988887777"
}

variable "origins" {
  type      = list(string)
  sensitive = true
  default   = ["https://secret-launch.example.com", "*"]
}

resource "aws_s3_bucket" "uploads" {
  bucket = "acme-sensitive"
}

resource "aws_s3_bucket_cors_configuration" "uploads" {
  bucket = aws_s3_bucket.uploads.bucket

  cors_rule {
    allowed_methods = ["PUT", "DELETE"]
    allowed_origins = var.origins
  }
}

resource "aws_s3_bucket_policy" "uploads" {
  bucket = aws_s3_bucket.uploads.bucket
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${var.partner_account}:root" }
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::acme-sensitive/*"
    }]
  })
}
