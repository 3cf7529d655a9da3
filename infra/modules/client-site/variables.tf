variable "name" {
  description = "Name of the page's bucket."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "Write 3 to 63 lower-case letters, digits and hyphens."
  }
}

variable "content_security_policy" {
  description = "Content-Security-Policy header, such as the build of the page prints it; null leaves the page's own and AWS's managed security headers."
  type        = string
  default     = null

  validation {
    condition     = var.content_security_policy == null ? true : !strcontains(var.content_security_policy, "'unsafe-inline'") && !strcontains(var.content_security_policy, "\n")
    error_message = "Write one line, with hashes instead of 'unsafe-inline'."
  }
}

variable "custom_domain" {
  description = "A name of your own for the page, its certificate in us-east-1, and the Route 53 zone that gets the records (null: you make them)."
  type = object({
    name            = string
    certificate_arn = string
    hosted_zone_id  = optional(string)
  })
  default = null

  validation {
    condition     = var.custom_domain == null ? true : can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.custom_domain.name)) && can(regex("^arn:aws[a-z-]*:acm:us-east-1:", var.custom_domain.certificate_arn))
    error_message = "Write a host name and the ARN of its certificate, which CloudFront wants in us-east-1."
  }
}

variable "price_class" {
  description = "Where CloudFront serves from: PriceClass_100, PriceClass_200 or PriceClass_All."
  type        = string
  default     = "PriceClass_100"

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "Write PriceClass_100, PriceClass_200 or PriceClass_All."
  }
}

variable "force_destroy" {
  description = "Let destroy delete the page's files with its bucket. Must be applied before a destroy heeds it."
  type        = bool
  default     = false
}

variable "tags" {
  description = "Tags of all resources."
  type        = map(string)
  default     = {}
}
