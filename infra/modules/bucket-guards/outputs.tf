output "statements" {
  description = "Deny statements for the policy of the bucket."
  value       = local.statements
}
