import { type AclGrant, grantAsStatement, publicGroupOf } from "../../policy/acl.ts";
import { isBlocked } from "../effective-block.ts";
import type { Grant } from "../facets.ts";
import { defineRule, type Violation } from "../rule.ts";

/** Source: S3 User Guide, "Access control list overview" and "Controlling ownership of objects". */
export const publicAcl = defineRule({
  id: "public-acl",
  layer: 3,
  severity: "critical",
  title: "The ACL lets no stranger in",
  why: "A grant to AllUsers is for everyone on the internet, one to AuthenticatedUsers for everyone with any AWS account. They can list, read or fill the bucket.",
  fix: {
    cli: `aws s3api put-bucket-ownership-controls --bucket BUCKET \\
  --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'
# if S3 refuses that: aws s3api put-bucket-acl --bucket BUCKET --acl private, then again`,
    terraform: `resource "aws_s3_bucket_ownership_controls" "uploads" {
  bucket = "BUCKET"
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}`,
  },
  needs: ["acl", "ownership", "publicAccessBlock", "accountPublicAccessBlock", "organizationPublicAccessBlock"],

  evaluate({ bucket, arn, acl, ownership, ...blocks }) {
    if (ownership === "BucketOwnerEnforced") {
      return { status: "pass", message: `ACLs are switched off in ${bucket}: it belongs to its owner alone.` };
    }
    if (isBlocked(blocks, "IgnorePublicAcls")) {
      return { status: "pass", message: `S3 ignores public ACLs in ${bucket}: IgnorePublicAcls is on.` };
    }
    const [first, ...others] = (acl?.Grants ?? []).flatMap((grant) => violationOf(grant, bucket, arn));
    if (first === undefined) {
      const message = `The ACL of ${bucket} grants nothing to a public group. The ACLs of single objects were not looked at.`;
      return { status: "pass", message };
    }
    return { status: "fail", violations: [first, ...others] };
  },
});

const people = { AllUsers: "everyone on the internet", AuthenticatedUsers: "everyone with an AWS account" } as const;

const meaningOf: Readonly<Record<AclGrant["permission"], string>> = {
  READ: "list it",
  WRITE: "put objects into it and replace them",
  READ_ACP: "read who has access to it",
  WRITE_ACP: "change who has access to it",
  FULL_CONTROL: "do everything with it",
};

function violationOf({ Grantee, Permission }: Grant, bucket: string, arn: string): readonly Violation[] {
  const group = publicGroupOf(
    Grantee.URI === undefined ? { permission: "READ" } : { uri: Grantee.URI, permission: "READ" },
  );
  if (group === undefined) return [];
  const evidence = { Grantee, Permission };
  if (!isPermission(Permission)) {
    return [{ message: `${bucket} grants ${Permission} to ${people[group]} through its ACL.`, evidence }];
  }
  const message = `${bucket} lets ${people[group]} ${meaningOf[Permission]}: its ACL grants ${Permission} to the group ${group}.`;
  return [{ message, evidence, ...witnessOf(Permission, arn) }];
}

function witnessOf(permission: AclGrant["permission"], arn: string): Pick<Violation, "witness"> {
  const asked = permission === "FULL_CONTROL" ? "WRITE" : permission;
  const [action] = grantAsStatement({ permission: asked }, 0, arn).actions.patterns;
  if (action === undefined) return {};
  return { witness: { action, resource: asked === "WRITE" ? `${arn}/any-key` : arn, principal: "*" } };
}

function isPermission(text: string): text is AclGrant["permission"] {
  return Object.hasOwn(meaningOf, text);
}
