/** Accounts that a file speaks of, as far as it shows: of several none can be said to be the bucket's. */
import { memberOf, textOf } from "./json-value.ts";
import type { Resource } from "./resource.ts";

export function accountIds(resources: readonly Resource[]): readonly string[] {
  const found = new Set<string>();
  for (const resource of resources) {
    if (!tells(resource)) continue;
    for (const values of [resource.after, resource.before]) {
      const id = accountIn(resource, values);
      if (id !== undefined) found.add(id);
    }
  }
  return [...found];
}

function tells({ type, mode }: Resource): boolean {
  return byMember.has(type) || (mode !== "data" && ownArns.has(type));
}

function accountIn({ type }: Resource, values: unknown): string | undefined {
  if (byMember.has(type)) {
    const id = textOf(memberOf(values, "account_id"));
    return id !== undefined && /^\d{12}$/.test(id) ? id : undefined;
  }
  return /^arn:[a-z-]+:(?:iam|lambda):[a-z0-9-]*:(\d{12}):/.exec(textOf(memberOf(values, "arn")) ?? "")?.[1];
}

const byMember: ReadonlySet<string> = new Set(["aws_caller_identity", "aws_s3_account_public_access_block"]);

/** Made in the account itself, with its id in the ARN. */
const ownArns: ReadonlySet<string> = new Set(["aws_iam_role", "aws_iam_policy", "aws_lambda_function"]);
