# Blocks inside the bucket that are made by `dynamic`, as old modules do.
variable "cors" {
  type    = list(object({ origins = list(string) }))
  default = [{ origins = ["https://app.example.com"] }, { origins = ["http://old.example.com"] }]
}

variable "versioning" {
  type    = map(bool)
  default = { enabled = true }
}

resource "aws_s3_bucket" "old" {
  bucket = "acme-dynamic"

  dynamic "cors_rule" {
    for_each = var.cors
    content {
      allowed_methods = ["PUT"]
      allowed_origins = cors_rule.value.origins
    }
  }

  dynamic "versioning" {
    for_each = length(var.versioning) == 0 ? [] : [var.versioning]
    content {
      enabled = versioning.value.enabled
    }
  }

  website {
    index_document = "index.html"
  }

  logging {
    target_bucket = "acme-logs"
    target_prefix = "dynamic/"
  }

  grant {
    type        = "Group"
    uri         = "http://acs.amazonaws.com/groups/global/AllUsers"
    permissions = ["READ"]
  }

  grant {
    id          = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"
    type        = "CanonicalUser"
    permissions = ["FULL_CONTROL"]
  }
}
