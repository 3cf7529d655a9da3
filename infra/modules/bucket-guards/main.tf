# What every bucket here refuses to everybody, as statements for its policy. No resources: a bucket has one policy, and
# whoever writes it adds these to it.

locals {
  objects = "${var.bucket_arn}/*"
  deny    = { Effect = "Deny", Principal = "*" }

  transport = { Action = "s3:*", Resource = [var.bucket_arn, local.objects] }

  # Without any signature there is no version either, so the negated form refuses both.
  signature_version = var.refuse_unsigned ? "AWS4-HMAC-SHA256" : "AWS"

  statements = [
    merge(local.deny, local.transport, {
      Sid       = "DenyInsecureTransport"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }),
    # Beside the one above, not instead of it: plain HTTP has no TLS version.
    merge(local.deny, local.transport, {
      Sid       = "DenyTlsBelow12"
      Condition = { NumericLessThan = { "s3:TlsVersion" = "1.2" } }
    }),
    merge(local.deny, {
      Sid      = "DenyStaleSignature"
      Action   = "s3:PutObject"
      Resource = local.objects
      # S3 counts milliseconds. A signer can ask for less, and nobody for more.
      Condition = { NumericGreaterThan = { "s3:signatureAge" = tostring(var.max_signature_age_seconds * 1000) } }
    }),
    # Under Signature Version 2 the age is always 0, so the limit above needs this one.
    merge(local.deny, {
      Sid       = var.refuse_unsigned ? "DenyUnsignedOrSigV2" : "DenySigV2"
      Action    = ["s3:PutObject", "s3:GetObject"]
      Resource  = local.objects
      Condition = { (var.refuse_unsigned ? "StringNotEquals" : "StringEquals") = { "s3:signatureversion" = local.signature_version } }
    }),
    # SSE-C: whoever brings the key could lock the owner out.
    merge(local.deny, {
      Sid       = "DenyCustomerProvidedKeys"
      Action    = "s3:PutObject"
      Resource  = local.objects
      Condition = { Null = { "s3:x-amz-server-side-encryption-customer-algorithm" = "false" } }
    }),
  ]
}
