# What is planned over a state in which everything was closed: before.tf.txt made that state.
resource "aws_s3_bucket" "uploads" {
  bucket = "acme-changes"
}

# Two flags lowered.
resource "aws_s3_bucket_public_access_block" "uploads" {
  bucket                  = aws_s3_bucket.uploads.id
  block_public_acls       = true
  block_public_policy     = false
  ignore_public_acls      = true
  restrict_public_buckets = false
}

resource "aws_s3_bucket_ownership_controls" "uploads" {
  bucket = aws_s3_bucket.uploads.id

  rule {
    object_ownership = "ObjectWriter"
  }
}

resource "aws_s3_bucket_versioning" "uploads" {
  bucket = aws_s3_bucket.uploads.id

  versioning_configuration {
    status = "Suspended"
  }
}

# From the KMS key to S3's own.
resource "aws_s3_bucket_server_side_encryption_configuration" "uploads" {
  bucket = aws_s3_bucket.uploads.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

# From one account to everyone.
resource "aws_s3_bucket_policy" "uploads" {
  bucket = aws_s3_bucket.uploads.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::acme-changes/*"
    }]
  })
}

# Its block is gone.
resource "aws_s3_bucket" "bare" {
  bucket = "acme-bare-soon"
}

# Renamed, so made anew.
resource "aws_s3_bucket" "renamed" {
  bucket = "acme-new-name"
}

resource "aws_s3_bucket_public_access_block" "renamed" {
  bucket                  = aws_s3_bucket.renamed.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# Only called something else in the configuration.
moved {
  from = aws_s3_bucket.before_the_move
  to   = aws_s3_bucket.moved
}

moved {
  from = aws_s3_bucket_public_access_block.before_the_move
  to   = aws_s3_bucket_public_access_block.moved
}

resource "aws_s3_bucket" "moved" {
  bucket = "acme-moved"
}

resource "aws_s3_bucket_public_access_block" "moved" {
  bucket                  = aws_s3_bucket.moved.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# Left as it is.
resource "aws_s3_bucket" "same" {
  bucket = "acme-same"
}

resource "aws_s3_bucket_versioning" "same" {
  bucket = aws_s3_bucket.same.id

  versioning_configuration {
    status = "Enabled"
  }
}
