variable "name" {
  description = "Name of the bucket. Names are shared by all of AWS; -logs is added for the bucket of its access log."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,56}[a-z0-9]$", var.name))
    error_message = "Write 3 to 58 lower-case letters, digits and hyphens. A dot would break TLS for the bucket's own host name."
  }
}

variable "key_prefix" {
  description = "Prefix of the object keys that uploads get, without the slash at its end."
  type        = string
  default     = "uploads"

  validation {
    condition = (
      can(regex("^[A-Za-z0-9!_.'()-]+(/[A-Za-z0-9!_.'()-]+)*/?$", var.key_prefix)) &&
      !can(regex("(^|/)\\.+(/|$)", var.key_prefix)) &&
      length(var.key_prefix) <= 512
    )
    error_message = "Write a prefix such as uploads or team/uploads: no empty, . or .. segment, no * or $."
  }
}

variable "cors_allowed_origins" {
  description = "Origins of the pages that upload, such as https://app.example.com. None: no page may."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for origin in var.cors_allowed_origins : !strcontains(origin, "*")])
    error_message = "Name each origin: with * any page that gets hold of an upload URL can use it from its visitors' browsers."
  }

  validation {
    condition = alltrue([
      for origin in var.cors_allowed_origins :
      can(regex("^https://[a-z0-9.-]+(:[0-9]+)?$", origin)) || can(regex("^http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]+)?$", origin))
    ])
    error_message = "Write origins as https://host or https://host:port in lower case, without a path or a slash at the end; http only for localhost."
  }
}

variable "cors_allowed_methods" {
  description = "Methods of those pages: PUT for files and parts, POST for forms."
  type        = list(string)
  default     = ["PUT"]

  validation {
    condition     = length(var.cors_allowed_methods) > 0 && alltrue([for method in var.cors_allowed_methods : contains(["PUT", "POST"], method)])
    error_message = "Uploads use PUT and POST; a page needs no other method."
  }
}

variable "cors_max_age_seconds" {
  description = "How long a browser may remember what S3 allows. 0 doubles the requests."
  type        = number
  default     = 3600

  validation {
    condition     = var.cors_max_age_seconds >= 0 && var.cors_max_age_seconds <= 86400 && floor(var.cors_max_age_seconds) == var.cors_max_age_seconds
    error_message = "Write whole seconds from 0 to 86400."
  }
}

variable "max_signature_age_seconds" {
  description = "How long after it was signed an upload URL works at most, whatever its signer wrote into it."
  type        = number
  default     = 900

  validation {
    condition     = var.max_signature_age_seconds >= 120 && var.max_signature_age_seconds <= 43200 && floor(var.max_signature_age_seconds) == var.max_signature_age_seconds
    error_message = "Write whole seconds from 120 to 43200: below two minutes clocks that differ a little refuse good uploads."
  }
}

variable "encryption" {
  description = "SSE-S3, or SSE-KMS with kms_key or a new key."
  type        = string
  default     = "SSE-S3"

  validation {
    condition     = contains(["SSE-S3", "SSE-KMS"], var.encryption)
    error_message = "Write SSE-S3 or SSE-KMS."
  }
}

# An object, so that a plan can tell whether it is there while its ARN is not known yet.
variable "kms_key" {
  description = "The KMS key of SSE-KMS; null makes one."
  type        = object({ arn = string })
  default     = null

  validation {
    condition     = var.kms_key == null ? true : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key.arn))
    error_message = "Write the ARN of a key. An alias would not do: the bucket policy compares ARNs."
  }
}

variable "deny_overwrite" {
  description = "Refuse every upload below the prefix that could replace an object. CopyObject into the prefix then fails, too."
  type        = bool
  default     = false
}

variable "abort_incomplete_days" {
  description = "Days after which the parts of an unfinished upload are removed. No upload token may live longer."
  type        = number
  default     = 1

  validation {
    condition     = var.abort_incomplete_days >= 1 && var.abort_incomplete_days <= 30 && floor(var.abort_incomplete_days) == var.abort_incomplete_days
    error_message = "Write whole days from 1 to 30."
  }
}

variable "noncurrent_days" {
  description = "Days for which replaced and deleted objects can be had back."
  type        = number
  default     = 30

  validation {
    condition     = var.noncurrent_days >= 1 && floor(var.noncurrent_days) == var.noncurrent_days
    error_message = "Write whole days, at least 1."
  }
}

variable "expire_uploads_days" {
  description = "Days after which objects below the prefix are deleted; null keeps them."
  type        = number
  default     = null

  validation {
    condition     = var.expire_uploads_days == null ? true : var.expire_uploads_days >= 1 && floor(var.expire_uploads_days) == var.expire_uploads_days
    error_message = "Write whole days, at least 1, or null."
  }
}

variable "access_logs" {
  description = "Whether requests to the bucket are logged, in log_bucket or in a bucket made for it."
  type        = bool
  default     = true
}

variable "log_bucket" {
  description = "An existing bucket for the access log, whose policy lets logging.s3.amazonaws.com put objects; null makes one."
  type        = object({ name = string })
  default     = null
}

variable "log_retention_days" {
  description = "Days for which the access log is kept, where its bucket is made here."
  type        = number
  default     = 365

  validation {
    condition     = var.log_retention_days >= 1 && floor(var.log_retention_days) == var.log_retention_days
    error_message = "Write whole days, at least 1."
  }
}

variable "eventbridge" {
  description = "Whether the bucket tells EventBridge of each object, for whatever is to happen after an upload."
  type        = bool
  default     = true
}

variable "malware_protection" {
  description = "Whether GuardDuty scans each upload (billed by the gigabyte)."
  type        = bool
  default     = false
}

variable "force_destroy" {
  description = "Let destroy delete all objects with the bucket. Must be applied before a destroy heeds it."
  type        = bool
  default     = false
}

variable "tags" {
  description = "Tags of all resources."
  type        = map(string)
  default     = {}
}
