output "endpoint" {
  description = "Address of the presign endpoint."
  value       = "${var.custom_domain == null ? aws_apigatewayv2_api.presign.api_endpoint : "https://${var.custom_domain.name}"}/presign"
}

output "api_id" {
  description = "Id of the HTTP API."
  value       = aws_apigatewayv2_api.presign.id
}

output "function_name" {
  description = "Name of the presign function."
  value       = aws_lambda_function.presign.function_name
}

output "role_arn" {
  description = "ARN of the signer's role."
  value       = aws_iam_role.signer.arn
}

output "role_policy" {
  description = "What the signer may do, as JSON."
  value       = aws_iam_role_policy.signer.policy
}

output "environment" {
  description = "Settings of the backend; none of them is a secret."
  value       = local.environment
}

output "custom_domain_target" {
  description = "Where a CNAME of the custom domain has to point, if its zone is elsewhere; null without one."
  value       = var.custom_domain == null ? null : aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].target_domain_name
}
