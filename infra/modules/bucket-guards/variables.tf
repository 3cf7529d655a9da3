variable "bucket_arn" {
  description = "ARN of the bucket."
  type        = string
}

variable "max_signature_age_seconds" {
  description = "How long after it was signed a request that puts an object works at most."
  type        = number
  default     = 900
}

variable "refuse_unsigned" {
  description = "Whether requests without a signature are refused, too. Not where a service of AWS delivers: how it signs is not documented."
  type        = bool
  default     = false
}
