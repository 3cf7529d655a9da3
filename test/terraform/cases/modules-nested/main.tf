# A module that is made for each team, with another one inside that makes the bucket; companions at three levels.
variable "teams" {
  type    = set(string)
  default = ["blue", "red"]
}

module "stack" {
  source   = "./modules/stack"
  for_each = var.teams
  team     = each.key
}

# Beside the modules, through an output of an output.
resource "aws_s3_bucket_cors_configuration" "red" {
  bucket = module.stack["red"].bucket_id

  cors_rule {
    allowed_methods = ["PUT"]
    allowed_origins = ["*"]
  }
}

resource "aws_s3_bucket_versioning" "all" {
  for_each = module.stack
  bucket   = each.value.bucket_id

  versioning_configuration {
    status = "Enabled"
  }
}
