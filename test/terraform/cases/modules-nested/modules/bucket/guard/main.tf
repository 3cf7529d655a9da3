variable "bucket_id" {
  type = string
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = var.bucket_id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}
