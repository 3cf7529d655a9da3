variable "name" {
  type = string
}

resource "aws_s3_bucket" "this" {
  bucket_prefix = "${var.name}-"
}

module "guard" {
  source    = "./guard"
  bucket_id = aws_s3_bucket.this.id
}

output "id" {
  value = aws_s3_bucket.this.id
}
