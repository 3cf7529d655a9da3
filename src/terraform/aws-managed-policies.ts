/**
 * What some of AWS's own policies say, as far as it matters for a signer: a plan holds only their ARNs.
 * Source: AWS Managed Policy Reference Guide, read November 2026.
 */
const allow = (Action: string | readonly string[], Resource: string | readonly string[] = "*") => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource }],
});

const logs = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"] as const;

const documents: Readonly<Record<string, unknown>> = {
  "service-role/AWSLambdaBasicExecutionRole": allow(logs),
  "service-role/AWSLambdaVPCAccessExecutionRole": allow([
    ...logs,
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ]),
  AWSXRayDaemonWriteAccess: allow([
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:GetSamplingStatisticSummaries",
  ]),
  CloudWatchLambdaInsightsExecutionRolePolicy: allow(logs),
  AmazonS3FullAccess: allow(["s3:*", "s3-object-lambda:*"]),
  AmazonS3ReadOnlyAccess: allow([
    "s3:Get*",
    "s3:List*",
    "s3:Describe*",
    "s3-object-lambda:Get*",
    "s3-object-lambda:List*",
  ]),
  AdministratorAccess: allow("*"),
  PowerUserAccess: {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", NotAction: ["iam:*", "organizations:*", "account:*"], Resource: "*" }],
  },
};

/** Undefined for one that is not AWS's own, or not in the list. */
export function awsManagedPolicy(arn: string): unknown {
  const name = /^arn:[a-z-]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
  return name !== undefined && Object.hasOwn(documents, name) ? documents[name] : undefined;
}
