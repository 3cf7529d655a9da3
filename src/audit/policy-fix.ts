/** The parts of a fix that rules about policies have in common, ready to paste. */
import type { Fix } from "./rule.ts";

export interface DenyStatement {
  readonly sid: string;
  readonly action: string;
  readonly resources: readonly string[];
  readonly conditions: readonly {
    readonly operator: string;
    readonly key: string;
    readonly value: string;
  }[];
}

export const BUCKET_ARN = "arn:PARTITION:s3:::BUCKET";
export const EVERY_OBJECT = `${BUCKET_ARN}/*`;
export const UPLOADS = `${BUCKET_ARN}/PREFIX*`;

/** Adds a Deny for everyone to whatever policy the bucket has. */
export function denyFix(statement: DenyStatement): Fix {
  return {
    cli: `aws s3api get-bucket-policy --bucket BUCKET --query Policy --output text > policy.json
# it has none yet? echo '{"Version":"2012-10-17","Statement":[]}' > policy.json
jq '.Statement |= ((if type == "array" then . else [.] end) + [
  ${JSON.stringify(jsonOf(statement))}
])' policy.json > new-policy.json
aws s3api put-bucket-policy --bucket BUCKET --policy file://new-policy.json`,
    terraform: `# one more statement in the policy document of the bucket
data "aws_iam_policy_document" "uploads" {
${hclOf(statement)}
}
resource "aws_s3_bucket_policy" "uploads" {
  bucket = "BUCKET"
  policy = data.aws_iam_policy_document.uploads.json
}`,
  };
}

/** Fetches the policy, leaves room for the change, and puts it back. */
export function editFix(what: string): Fix {
  return {
    cli: `aws s3api get-bucket-policy --bucket BUCKET --query Policy --output text > policy.json
# in policy.json: ${what}
aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json`,
    terraform: `# in the aws_iam_policy_document behind the aws_s3_bucket_policy of BUCKET:
# ${what}`,
  };
}

/** Closes the bucket at once, whatever its policy says. */
export const closingFix: Fix = {
  cli: `aws s3api put-public-access-block --bucket BUCKET \\
  --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`,
  terraform: `resource "aws_s3_bucket_public_access_block" "uploads" {
  bucket                  = "BUCKET"
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = true
  restrict_public_buckets = true
}`,
};

/** One after the other. */
export function bothFixes(first: Fix, second: Fix): Fix {
  return { cli: `${first.cli}\n${second.cli}`, terraform: `${first.terraform}\n${second.terraform}` };
}

function jsonOf({ sid, action, resources, conditions }: DenyStatement): unknown {
  return {
    Sid: sid,
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource: resources.length === 1 ? resources[0] : resources,
    Condition: Object.fromEntries(conditions.map(({ operator, key, value }) => [operator, { [key]: value }])),
  };
}

function hclOf({ sid, action, resources, conditions }: DenyStatement): string {
  const list = resources.map((resource) => `"${resource}"`).join(", ");
  const tests = conditions.map(
    ({ operator, key, value }) => `    condition {
      test     = "${operator}"
      variable = "${key}"
      values   = ["${value}"]
    }`,
  );
  return `  statement {
    sid       = "${sid}"
    effect    = "Deny"
    actions   = ["${action}"]
    resources = [${list}]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
${tests.join("\n")}
  }`;
}
