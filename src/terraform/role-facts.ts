/** A role of the plan with all policies that the plan gives to it. */
import { UNKNOWN } from "../audit/outline.ts";
import { awsManagedPolicy } from "./aws-managed-policies.ts";
import { memberOf, textOf } from "./json-value.ts";
import { blocksOf, listIn, objectOf, partOf } from "./outline-parts.ts";
import { hasMark, policyIn } from "./policy-documents.ts";
import { scopeOf, targetsOf } from "./references.ts";
import type { Resource } from "./resource.ts";
import type { ResourceIndex } from "./resource-index.ts";

export interface RoleFacts {
  /** An outline of `Signer` without its function. */
  readonly signer: Readonly<Record<string, unknown>>;
  /** Of the policies first: what is wrong with a role is mostly written there. */
  readonly addresses: readonly string[];
  readonly sensitive: boolean;
  readonly assumed: boolean;
}

interface RolePolicy {
  readonly name: string;
  readonly document: unknown;
  readonly address: string | undefined;
  readonly sensitive: boolean;
  readonly assumed: boolean;
}

/** @param bucket stands for ARNs of the bucket that are not known yet */
export function roleFacts(
  role: Resource,
  index: ResourceIndex,
  bucket: string,
  account: string | undefined,
): RoleFacts {
  const policies = [...inlinePolicies(role), ...attachedPolicies(role, index, bucket)];
  const trust = policyIn(role, "assume_role_policy", index, undefined);
  const boundary = partOf(role.after, "permissions_boundary");
  return {
    signer: objectOf({
      roleArn: arnOf(role, account),
      policies: policies.map(({ name, document }) => ({ name, document })),
      permissionsBoundary: boundary === undefined ? undefined : boundaryOf(boundary, role, index, bucket),
      trust: trust === undefined ? undefined : trust.possible[0],
    }),
    addresses: [...new Set([...policies.flatMap(({ address }) => address ?? []), role.address])],
    sensitive: hasMark(role.sensitive) || policies.some(({ sensitive }) => sensitive),
    assumed: policies.some(({ assumed }) => assumed),
  };
}

function arnOf(role: Resource, account: string | undefined): string | undefined {
  const arn = textOf(memberOf(role.after, "arn"));
  const name = textOf(memberOf(role.after, "name"));
  if (arn !== undefined || name === undefined || account === undefined) return arn;
  return `arn:aws:iam::${account}:role${textOf(memberOf(role.after, "path")) ?? "/"}${name}`;
}

function inlinePolicies(role: Resource): readonly RolePolicy[] {
  const blocks = blocksOf(role.after, "inline_policy").filter((block) => block !== UNKNOWN);
  return blocks.flatMap((block) => {
    const name = partOf(block, "name");
    const document = partOf(block, "policy");
    if (document === undefined) return [];
    return [{ name: String(name ?? "inline"), document, address: undefined, sensitive: false, assumed: false }];
  });
}

function attachedPolicies(role: Resource, index: ResourceIndex, bucket: string): readonly RolePolicy[] {
  const own = index
    .byType("aws_iam_role_policy")
    .filter((resource) => isOf(resource, "role", role, index))
    .map((resource) => ownPolicy(resource, nameOf(resource), index, bucket));
  const attached = ["aws_iam_role_policy_attachment", "aws_iam_policy_attachment"].flatMap((type) =>
    index
      .byType(type)
      .filter((resource) => isOf(resource, type === "aws_iam_policy_attachment" ? "roles" : "role", role, index))
      .map((resource) => managedPolicy(resource, index, bucket)),
  );
  const arns = listIn(role.after, "managed_policy_arns");
  const byArn = Array.isArray(arns)
    ? arns.flatMap((arn: unknown) => (typeof arn === "string" ? [byItsArn(arn, index, bucket)] : []))
    : [];
  const known = new Set(attached.map(({ name }) => name));
  return [...own, ...attached, ...byArn.filter(({ name }) => !known.has(name))];
}

/** Whether the attribute names the role. */
function isOf(resource: Resource, attribute: string, role: Resource, index: ResourceIndex): boolean {
  if (resource.after === undefined) return false;
  const value = partOf(resource.after, attribute);
  const name = textOf(memberOf(role.after, "name"));
  const names = Array.isArray(value) ? value : [value];
  if (names.some((one) => typeof one === "string" && one === name)) return true;
  if (!names.includes(UNKNOWN)) return false;
  const expression = memberOf(index.configOf(resource)?.expressions, attribute);
  return targetsOf(expression, scopeOf(resource, index), index).resources.includes(role);
}

function ownPolicy(resource: Resource, name: string, index: ResourceIndex, bucket: string): RolePolicy {
  const policy = policyIn(resource, "policy", index, bucket);
  return {
    name,
    document: policy === undefined ? UNKNOWN : policy.possible[0],
    address: resource.address,
    sensitive: hasMark(resource.sensitive) || (policy?.sensitive ?? false),
    assumed: policy?.assumed ?? false,
  };
}

function managedPolicy(attachment: Resource, index: ResourceIndex, bucket: string): RolePolicy {
  const arn = partOf(attachment.after, "policy_arn");
  if (typeof arn === "string") {
    const known = byItsArn(arn, index, bucket);
    // what AWS's own policies say is no place in the configuration, unless that is not known
    return known.document === UNKNOWN ? { ...known, address: attachment.address } : known;
  }
  const expression = memberOf(index.configOf(attachment)?.expressions, "policy_arn");
  const { resources } = targetsOf(expression, scopeOf(attachment, index), index);
  const [policy, ...others] = resources.filter(({ type }) => type === "aws_iam_policy");
  if (policy === undefined || others.length > 0) return unknownPolicy(attachment.address, attachment.address);
  return ownPolicy(policy, nameOf(policy), index, bucket);
}

function byItsArn(arn: string, index: ResourceIndex, bucket: string): RolePolicy {
  const inPlan = [...index.byType("aws_iam_policy"), ...index.byType("data.aws_iam_policy")].find(
    ({ after }) => memberOf(after, "arn") === arn,
  );
  if (inPlan !== undefined) return ownPolicy(inPlan, nameOf(inPlan), index, bucket);
  const document = awsManagedPolicy(arn);
  const name = arn.split("/").at(-1) ?? arn;
  if (document === undefined) return unknownPolicy(name, undefined);
  return { name, document, address: undefined, sensitive: false, assumed: false };
}

function unknownPolicy(name: string, address: string | undefined): RolePolicy {
  return { name, document: UNKNOWN, address, sensitive: false, assumed: false };
}

function boundaryOf(arn: unknown, role: Resource, index: ResourceIndex, bucket: string): unknown {
  if (typeof arn === "string") return byItsArn(arn, index, bucket).document;
  const expression = memberOf(index.configOf(role)?.expressions, "permissions_boundary");
  const { resources } = targetsOf(expression, scopeOf(role, index), index);
  const [policy] = resources.filter(({ type }) => type === "aws_iam_policy");
  return policy === undefined ? UNKNOWN : ownPolicy(policy, "", index, bucket).document;
}

function nameOf(resource: Resource): string {
  return textOf(memberOf(resource.after, "name")) ?? resource.name;
}
