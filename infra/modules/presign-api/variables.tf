variable "name" {
  description = "Name of the function and of the API; also part of the names of role, log groups and alarms."
  type        = string
  default     = "s3up-presign"

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,55}$", var.name))
    error_message = "Write 1 to 56 letters, digits, hyphens and underscores."
  }
}

variable "region" {
  description = "Region of the provider. Given, because no single way to ask the provider works in versions 5 and 6."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "Write a region such as eu-central-1."
  }
}

variable "bucket_name" {
  description = "The bucket that takes the uploads."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.bucket_name))
    error_message = "Write the name of a bucket."
  }
}

variable "bucket_max_signature_age_seconds" {
  description = "The bucket's own limit on the age of signatures, to hold expires_in_max against; null where it has none."
  type        = number
  default     = null
}

variable "bucket_abort_incomplete_days" {
  description = "Days after which the bucket removes the parts of unfinished uploads, to hold token_life_seconds against; null where it does not."
  type        = number
  default     = null
}

variable "bucket_kms_key" {
  description = "The KMS key of the bucket; null with SSE-S3."
  type        = object({ arn = string })
  default     = null
}

variable "lambda_zip" {
  description = "Path of the zip that npm run build:lambda makes."
  type        = string

  validation {
    condition     = fileexists(var.lambda_zip)
    error_message = "There is no such file. Build it with: npm ci && npm run build:lambda"
  }
}

variable "key_prefix" {
  description = "Prefix of the object keys; the role is limited to it."
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

variable "modes" {
  description = "Ways to upload that are offered: put, post (forms) and multipart."
  type        = list(string)
  default     = ["put", "multipart"]

  validation {
    condition     = length(var.modes) > 0 && alltrue([for mode in var.modes : contains(["put", "post", "multipart"], mode)]) && length(distinct(var.modes)) == length(var.modes)
    error_message = "Write one or more of put, post and multipart, each once."
  }
}

variable "max_size" {
  description = "Largest object in bytes."
  type        = number
  default     = 5368709120

  validation {
    condition     = var.max_size >= 1 && var.max_size <= 53687091200000 && floor(var.max_size) == var.max_size
    error_message = "Write whole bytes from 1 to 53687091200000, which is 48.8 TiB: the most that S3 stores as one object."
  }
}

variable "multipart_threshold" {
  description = "Size in bytes from which uploads go in parts; null leaves the backend's 16 MiB."
  type        = number
  default     = null

  validation {
    condition     = var.multipart_threshold == null ? true : var.multipart_threshold >= 1 && var.multipart_threshold <= 5368709120 && floor(var.multipart_threshold) == var.multipart_threshold
    error_message = "Write whole bytes from 1 to 5368709120, the most that S3 takes at once, or null."
  }
}

variable "part_size" {
  description = "Size of a part in bytes where the client wishes none; null leaves the backend's 16 MiB."
  type        = number
  default     = null

  validation {
    condition     = var.part_size == null ? true : var.part_size >= 5242880 && var.part_size <= 5368709120 && floor(var.part_size) == var.part_size
    error_message = "Write whole bytes from 5242880 to 5368709120, S3's limits for parts, or null."
  }
}

variable "allowed_content_types" {
  description = "Media types that may be uploaded, or patterns such as image/*. Types that a browser would run only by their own name."
  type        = list(string)
  default     = ["*/*"]

  validation {
    condition = length(var.allowed_content_types) > 0 && alltrue([
      for type in var.allowed_content_types :
      type == "*/*" || can(regex("^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/(\\*|[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*)$", type))
    ])
    error_message = "Write media types such as application/pdf, or patterns such as image/*."
  }
}

variable "expires_in_default" {
  description = "Life of a signed URL in seconds where the client asks for none."
  type        = number
  default     = 300

  validation {
    condition     = var.expires_in_default >= 1 && var.expires_in_default <= 43200 && floor(var.expires_in_default) == var.expires_in_default
    error_message = "Write whole seconds from 1 to 43200."
  }
}

variable "expires_in_max" {
  description = "Longest life of a signed URL in seconds that a client can ask for."
  type        = number
  default     = 900

  validation {
    condition     = var.expires_in_max >= 1 && var.expires_in_max <= 43200 && floor(var.expires_in_max) == var.expires_in_max
    error_message = "Write whole seconds from 1 to 43200."
  }
}

variable "require_size" {
  description = "Refuse requests without an exact size. Only with false the short form {fileName, contentType} is served, whose URLs take a body of any size."
  type        = bool
  default     = true
}

variable "allow_overwrite" {
  description = "Whether a client may ask for a URL that can be used more than once."
  type        = bool
  default     = false
}

variable "idempotent_create" {
  description = "Whether a repeated create with the same clientToken continues the earlier upload. The role may then list the bucket's unfinished uploads."
  type        = bool
  default     = false
}

variable "token_life_seconds" {
  description = "How long an upload in parts can be continued."
  type        = number
  default     = 86400

  validation {
    condition     = var.token_life_seconds >= 60 && var.token_life_seconds <= 604800 && floor(var.token_life_seconds) == var.token_life_seconds
    error_message = "Write whole seconds from 60 to 604800."
  }
}

variable "token_key" {
  description = "An HMAC_256 key in KMS that upload tokens are signed with; null makes one where uploads in parts are offered."
  type        = object({ arn = string })
  default     = null

  validation {
    condition     = var.token_key == null ? true : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.token_key.arn))
    error_message = "Write the ARN of a key; IAM does not grant kms:GenerateMac on an alias."
  }
}

variable "token_key_generation" {
  description = "One more is a new secret for upload tokens; those of the generation before are still accepted."
  type        = number
  default     = 1

  validation {
    condition     = var.token_key_generation >= 1 && var.token_key_generation <= 1000000 && floor(var.token_key_generation) == var.token_key_generation
    error_message = "Write a whole number from 1."
  }
}

variable "authorization" {
  description = "How callers sign in: AWS_IAM, JWT, or NONE, which lets anyone upload."
  type        = string
  default     = "AWS_IAM"

  validation {
    condition     = contains(["AWS_IAM", "JWT", "NONE"], var.authorization)
    error_message = "Write AWS_IAM, JWT or NONE."
  }
}

variable "jwt" {
  description = "Who issues the tokens of authorization JWT, for whom, and which scopes they need."
  type = object({
    issuer   = string
    audience = list(string)
    scopes   = optional(list(string))
  })
  default = null

  validation {
    condition     = var.jwt == null ? true : can(regex("^https://[^?#]+$", var.jwt.issuer)) && length(var.jwt.audience) > 0
    error_message = "Write the issuer as https://… and at least one audience: a token for any audience is a token for another application."
  }
}

variable "open_capabilities" {
  description = "Whether GET /presign, which tells modes and limits, is answered without signing in."
  type        = bool
  default     = false
}

variable "cors_allowed_origins" {
  description = "Origins of the pages that ask for uploads, such as https://app.example.com. None: no page may."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for origin in var.cors_allowed_origins : !strcontains(origin, "*")])
    error_message = "Name each origin: with * any page could ask for uploads from its visitors' browsers."
  }

  validation {
    condition = alltrue([
      for origin in var.cors_allowed_origins :
      can(regex("^https://[a-z0-9.-]+(:[0-9]+)?$", origin)) || can(regex("^http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]+)?$", origin))
    ])
    error_message = "Write origins as https://host or https://host:port in lower case, without a path or a slash at the end; http only for localhost."
  }
}

variable "throttle" {
  description = "Requests a second, and how many at once, that the API lets through; more are answered with 429."
  type = object({
    requests_per_second = optional(number, 10)
    burst               = optional(number, 20)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.throttle.requests_per_second > 0 && var.throttle.burst >= 1 && floor(var.throttle.burst) == var.throttle.burst
    error_message = "Both limits must be above zero: with 0 the API answers 429 to everything."
  }
}

variable "reserved_concurrency" {
  description = "Most executions of the function at once; -1 sets no limit, which an account with a low quota needs."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = var.reserved_concurrency == -1 || (var.reserved_concurrency >= 1 && floor(var.reserved_concurrency) == var.reserved_concurrency)
    error_message = "Write a whole number from 1, or -1 for no limit. With 0 the function would never run."
  }
}

variable "memory_mb" {
  description = "Memory of the function in MB. Its share of a processor, and so its cold start, follows it."
  type        = number
  default     = 512

  validation {
    condition     = var.memory_mb >= 128 && var.memory_mb <= 10240 && floor(var.memory_mb) == var.memory_mb
    error_message = "Write whole MB from 128 to 10240."
  }
}

variable "tracing" {
  description = "Whether requests are traced with X-Ray."
  type        = bool
  default     = true
}

variable "log_retention_days" {
  description = "Days for which the logs of function and API are kept."
  type        = number
  default     = 365

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731 or more days, not for any number."
  }
}

variable "log_kms_key" {
  description = "KMS key for both log groups; its policy must let the log service use it. null: encrypted by the service's own."
  type        = object({ arn = string })
  default     = null
}

variable "alarms" {
  description = "Whether there are alarms."
  type        = bool
  default     = true
}

variable "alarm_actions" {
  description = "What an alarm sets off: ARNs, usually of an SNS topic."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.alarm_actions : startswith(arn, "arn:")])
    error_message = "Write ARNs."
  }
}

variable "alarm_refused_requests" {
  description = "Refused requests (4xx) in five minutes from which the alarm goes off."
  type        = number
  default     = 100

  validation {
    condition     = var.alarm_refused_requests >= 1
    error_message = "Write a number from 1."
  }
}

variable "custom_domain" {
  description = "A name of your own for the API, its certificate in the same region, and the Route 53 zone that gets the record (null: you make it)."
  type = object({
    name            = string
    certificate_arn = string
    hosted_zone_id  = optional(string)
  })
  default = null

  validation {
    condition     = var.custom_domain == null ? true : can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.custom_domain.name)) && startswith(var.custom_domain.certificate_arn, "arn:")
    error_message = "Write a host name such as uploads.example.com and the ARN of its certificate."
  }
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the signer's role, where the organisation wants one."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of all resources."
  type        = map(string)
  default     = {}
}
