/** The role that signs: its policies, inline and attached, its boundary, and who may take it on. */
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from "@aws-sdk/client-iam";
import { readOf } from "../audit/facet-access.ts";
import type { Signer } from "../audit/facets.ts";
import { policyContent } from "../audit/policy-content.ts";
import { S3upError } from "../errors.ts";
import { type AskPart, PartUnread, together } from "./facet-reading.ts";

const reads = {
  role: readOf("signer", "GetRole"),
  inlineNames: readOf("signer", "ListRolePolicies"),
  inline: readOf("signer", "GetRolePolicy"),
  attached: readOf("signer", "ListAttachedRolePolicies"),
  managed: readOf("signer", "GetPolicy"),
  managedVersion: readOf("signer", "GetPolicyVersion"),
} as const;

type NamedPolicy = Signer["policies"][number];

/** @throws S3upError USAGE when there is no such role */
export async function readRole(iam: IAMClient, role: string, ask: AskPart, signal: AbortSignal): Promise<Signer> {
  const reader = roleReader(iam, ask, { abortSignal: signal });
  const RoleName = roleNameIn(role);
  const [itself, inline, attached] = await together([
    reader.role(RoleName, role),
    reader.inlinePolicies(RoleName),
    reader.attachedPolicies(RoleName),
  ]);
  return { ...itself, policies: [...inline, ...attached] };
}

function roleReader(iam: IAMClient, ask: AskPart, options: { readonly abortSignal: AbortSignal }) {
  async function role(RoleName: string, asked: string): Promise<Omit<Signer, "policies" | "function">> {
    const answer = await ask(reads.role, () =>
      iam.send(new GetRoleCommand({ RoleName }), options).catch((error: unknown) => {
        throw isNoSuchEntity(error) ? noSuchRole(asked, error) : error;
      }),
    );
    if (answer?.Role?.Arn === undefined) throw new PartUnread("malformed: GetRole answered without a role");
    const { Arn: roleArn, AssumeRolePolicyDocument: trust, PermissionsBoundary } = answer.Role;
    // IAM looks the name up in the caller's account: a role of another account would be taken for its namesake here.
    if (asked.startsWith("arn:") && accountIn(asked) !== accountIn(roleArn)) {
      throw new PartUnread("the role is of another account than the credentials");
    }
    const boundaryArn = PermissionsBoundary?.PermissionsBoundaryArn;
    return {
      roleArn,
      ...(trust === undefined ? {} : { trust: decoded(trust) }),
      ...(boundaryArn === undefined
        ? {}
        : { permissionsBoundary: (await managedPolicy(boundaryArn, boundaryArn)).document }),
    };
  }

  async function inlinePolicies(RoleName: string): Promise<readonly NamedPolicy[]> {
    const names = await paged(async (Marker) => {
      const page = await ask(reads.inlineNames, () =>
        iam.send(new ListRolePoliciesCommand({ RoleName, Marker }), options),
      );
      return { items: page?.PolicyNames ?? [], next: nextMarker(page) };
    });
    return together(
      names.map(async (name) => {
        const command = new GetRolePolicyCommand({ RoleName, PolicyName: name });
        const answer = await ask(reads.inline, () => iam.send(command, options));
        return { name, document: documentOf(answer?.PolicyDocument, name) };
      }),
    );
  }

  async function attachedPolicies(RoleName: string): Promise<readonly NamedPolicy[]> {
    const listed = await paged(async (Marker) => {
      const command = new ListAttachedRolePoliciesCommand({ RoleName, Marker });
      const page = await ask(reads.attached, () => iam.send(command, options));
      return { items: page?.AttachedPolicies ?? [], next: nextMarker(page) };
    });
    return together(listed.map(({ PolicyArn = "", PolicyName = PolicyArn }) => managedPolicy(PolicyArn, PolicyName)));
  }

  /** In its default version, the one that is in force. */
  async function managedPolicy(PolicyArn: string, name: string): Promise<NamedPolicy> {
    const policy = await ask(reads.managed, () => iam.send(new GetPolicyCommand({ PolicyArn }), options));
    const VersionId = policy?.Policy?.DefaultVersionId;
    if (VersionId === undefined) throw new PartUnread(`malformed: GetPolicy named no version of ${name}`);
    const command = new GetPolicyVersionCommand({ PolicyArn, VersionId });
    const version = await ask(reads.managedVersion, () => iam.send(command, options));
    return { name, document: documentOf(version?.PolicyVersion?.Document, name) };
  }

  return { role, inlinePolicies, attachedPolicies, managedPolicy };
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

async function paged<T>(read: (marker: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> {
  const all: T[] = [];
  let marker: string | undefined;
  do {
    const { items, next } = await read(marker);
    all.push(...items);
    marker = next;
  } while (marker !== undefined);
  return all;
}

function nextMarker(
  page: { readonly IsTruncated?: boolean | undefined; readonly Marker?: string | undefined } | undefined,
) {
  return page?.IsTruncated === true ? page.Marker : undefined;
}

function documentOf(text: string | undefined, name: string): unknown {
  if (text === undefined) throw new PartUnread(`malformed: the policy ${name} came without its document`);
  return decoded(text);
}

/** IAM sends policies as they stand in a URL (RFC 3986). */
function decoded(text: string): unknown {
  try {
    return policyContent(decodeURIComponent(text));
  } catch (error) {
    if (error instanceof URIError) return policyContent(text);
    throw error;
  }
}

/** `arn:aws:iam::ACCOUNT:role/some/path/NAME`, or the name alone. */
function roleNameIn(role: string): string {
  const name = /^(?:arn:[a-z-]+:iam::\d{12}:role\/(?:.*\/)?)?([\w+=,.@-]{1,64})$/.exec(role)?.[1];
  if (name !== undefined) return name;
  throw new S3upError("USAGE", `"${role}" is no role.`, {
    why: "It is neither a name nor like arn:aws:iam::111122223333:role/NAME.",
    hint: "Copy it from `aws iam get-role --role-name NAME`.",
  });
}

function accountIn(arn: string): string | undefined {
  return arn.split(":")[4];
}

function isNoSuchEntity(error: unknown): boolean {
  return error instanceof Error && (error.name === "NoSuchEntityException" || error.name === "NoSuchEntity");
}

function noSuchRole(role: string, cause: unknown): S3upError {
  return new S3upError("USAGE", `There is no role ${role}.`, {
    why: "IAM does not know it in the account of these credentials.",
    hint: "Check the name, and that the credentials (--profile) are those of the role's account.",
    cause,
  });
}
