# Each value is checked by the module that uses it; what is checked here is what a module cannot see.

variable "region" {
  description = "Region of everything but the page's certificate."
  type        = string
  default     = "us-east-1"
}

variable "bucket_name" {
  description = "Name of the bucket for uploads. Names are shared by all of AWS."
  type        = string
}

variable "name" {
  description = "Name of the function and of the API; also part of the names of role, log groups and alarms."
  type        = string
  default     = "s3up-presign"
}

variable "allowed_origins" {
  description = "Origins of the pages that upload, such as https://app.example.com; for the CORS of bucket and API. The page of this module adds its own."
  type        = list(string)
  default     = []
}

variable "key_prefix" {
  description = "Prefix of the object keys that uploads get, without the slash at its end."
  type        = string
  default     = "uploads"
}

variable "modes" {
  description = "Ways to upload that are offered: put, post (forms) and multipart."
  type        = list(string)
  default     = ["put", "multipart"]
}

variable "max_size" {
  description = "Largest object in bytes."
  type        = number
  default     = 5368709120
}

variable "multipart_threshold" {
  description = "Size in bytes from which uploads go in parts; null leaves the backend's 16 MiB."
  type        = number
  default     = null
}

variable "part_size" {
  description = "Size of a part in bytes where the client wishes none; null leaves the backend's 16 MiB."
  type        = number
  default     = null
}

variable "allowed_content_types" {
  description = "Media types that may be uploaded, or patterns such as image/*. Types that a browser would run only by their own name."
  type        = list(string)
  default     = ["*/*"]
}

variable "expires_in_default" {
  description = "Life of a signed URL in seconds where the client asks for none."
  type        = number
  default     = 300
}

variable "expires_in_max" {
  description = "Longest life of a signed URL in seconds that a client can ask for."
  type        = number
  default     = 900
}

variable "max_signature_age_seconds" {
  description = "How long after it was signed the bucket accepts an upload URL, whoever signed it; null: as long as expires_in_max, at least two minutes."
  type        = number
  default     = null
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
}

variable "token_key" {
  description = "An HMAC_256 key in KMS that upload tokens are signed with; null makes one where uploads in parts are offered."
  type        = object({ arn = string })
  default     = null
}

variable "token_key_generation" {
  description = "One more is a new secret for upload tokens; those of the generation before are still accepted."
  type        = number
  default     = 1
}

variable "authorization" {
  description = "How callers sign in: AWS_IAM, JWT, or NONE, which lets anyone upload."
  type        = string
  default     = "AWS_IAM"
}

variable "jwt" {
  description = "Who issues the tokens of authorization JWT, for whom, and which scopes they need."
  type = object({
    issuer   = string
    audience = list(string)
    scopes   = optional(list(string))
  })
  default = null
}

variable "open_capabilities" {
  description = "Whether GET /presign, which tells modes and limits, is answered without signing in."
  type        = bool
  default     = false
}

variable "throttle" {
  description = "Requests a second, and how many at once, that the API lets through; more are answered with 429."
  type = object({
    requests_per_second = optional(number, 10)
    burst               = optional(number, 20)
  })
  default  = {}
  nullable = false
}

variable "reserved_concurrency" {
  description = "Most executions of the function at once; -1 sets no limit, which an account with a low quota needs."
  type        = number
  default     = 20
  nullable    = false
}

variable "memory_mb" {
  description = "Memory of the function in MB. Its share of a processor, and so its cold start, follows it."
  type        = number
  default     = 512
}

variable "tracing" {
  description = "Whether requests are traced with X-Ray."
  type        = bool
  default     = true
}

variable "custom_domain" {
  description = "A name of your own for the API, its certificate in the same region, and the Route 53 zone that gets the record (null: you make it)."
  type = object({
    name            = string
    certificate_arn = string
    hosted_zone_id  = optional(string)
  })
  default = null
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the signer's role, where the organisation wants one."
  type        = string
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
}

variable "alarm_refused_requests" {
  description = "Refused requests (4xx) in five minutes from which the alarm goes off."
  type        = number
  default     = 100
}

variable "log_kms_key" {
  description = "KMS key for both log groups; its policy must let the log service use it. null: encrypted by the service's own."
  type        = object({ arn = string })
  default     = null
}

variable "encryption" {
  description = "SSE-S3, or SSE-KMS with kms_key or a new key."
  type        = string
  default     = "SSE-S3"
}

# An object, so that a plan can tell whether it is there while its ARN is not known yet.
variable "kms_key" {
  description = "The KMS key of SSE-KMS; null makes one."
  type        = object({ arn = string })
  default     = null
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
}

variable "noncurrent_days" {
  description = "Days for which replaced and deleted objects can be had back."
  type        = number
  default     = 30
}

variable "expire_uploads_days" {
  description = "Days after which objects below the prefix are deleted; null keeps them."
  type        = number
  default     = null
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
  description = "Days for which all logs are kept."
  type        = number
  default     = 365
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

variable "lambda_zip" {
  description = "Path of the zip that npm run build:lambda makes; null: dist-lambda/s3up-presign.zip of this checkout."
  type        = string
  default     = null
}

variable "site" {
  description = "The upload page behind CloudFront: {} for all defaults, null for none."
  type = object({
    bucket_name             = optional(string)
    content_security_policy = optional(string)
    price_class             = optional(string, "PriceClass_100")
    custom_domain = optional(object({
      name            = string
      certificate_arn = string
      hosted_zone_id  = optional(string)
    }))
  })
  default = null
}

variable "tags" {
  description = "Tags of all resources."
  type        = map(string)
  default     = {}
}
