variable "team" {
  type = string
}

module "bucket" {
  source = "../bucket"
  count  = 1
  name   = "acme-${var.team}"
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = module.bucket[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = var.team == "blue"
}

output "bucket_id" {
  value = module.bucket[0].id
}
