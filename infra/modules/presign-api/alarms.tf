# What somebody should look at within the hour. Without alarm_actions an alarm only turns red.

locals {
  function_dimensions = { FunctionName = aws_lambda_function.presign.function_name }
  api_dimensions      = { ApiId = aws_apigatewayv2_api.presign.id, Stage = aws_apigatewayv2_stage.default.name }

  alarms = {
    function-errors = {
      description = "The presign function failed; its log has the request ids."
      namespace   = "AWS/Lambda", metric = "Errors", statistic = "Sum", threshold = 0, dimensions = local.function_dimensions
    }
    function-throttles = {
      description = "The presign function had no free concurrency: raise reserved_concurrency, or look who asks so much."
      namespace   = "AWS/Lambda", metric = "Throttles", statistic = "Sum", threshold = 0, dimensions = local.function_dimensions
    }
    function-slow = {
      description = "The presign function needed more than 10 s: S3 or KMS is slow, or uploads of many parts are completed."
      namespace   = "AWS/Lambda", metric = "Duration", statistic = "Maximum", threshold = 10000, dimensions = local.function_dimensions
    }
    api-5xx = {
      description = "The presign API failed."
      namespace   = "AWS/ApiGateway", metric = "5xx", statistic = "Sum", threshold = 0, dimensions = local.api_dimensions
    }
    api-4xx = {
      description = "Many requests were refused: a client is broken, or somebody tries out what the endpoint signs."
      namespace   = "AWS/ApiGateway", metric = "4xx", statistic = "Sum", threshold = var.alarm_refused_requests, dimensions = local.api_dimensions
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = var.alarms ? local.alarms : {}

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  statistic           = each.value.statistic
  dimensions          = each.value.dimensions
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = var.tags
}
