import type { AccessBlock } from "../../policy/access-block.ts";
import { accessPointPublic } from "../../policy/exposure.ts";
import { type BlockFacets, missingFlags } from "../effective-block.ts";
import type { AccessPoint } from "../facets.ts";
import { parsedPolicy } from "../parsed-policy.ts";
import { defineRule, type Violation } from "../rule.ts";

/** Source: S3 User Guide, "Managing public access to access points": their own flags, the bucket's and the account's add up. */
export const accessPoints = defineRule({
  id: "access-points",
  layer: 3,
  severity: "high",
  title: "No access point opens the bucket",
  why: "An access point is a second door with a policy and a block of its own. Whoever looks at the bucket alone does not see it.",
  fix: {
    cli: `# the flags of an access point are set when it is made, so an open one is made anew
aws s3control list-access-points --account-id ACCOUNT --bucket BUCKET
aws s3control delete-access-point-policy --account-id ACCOUNT --name ACCESS_POINT
aws s3control put-public-access-block --account-id ACCOUNT \\
  --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`,
    terraform: `resource "aws_s3_access_point" "uploads" {
  bucket = "BUCKET"
  name   = "ACCESS_POINT"
  public_access_block_configuration {
    block_public_acls       = true
    ignore_public_acls      = true
    block_public_policy     = true
    restrict_public_buckets = true
  }
}`,
  },
  needs: ["accessPoints", "publicAccessBlock", "accountPublicAccessBlock", "organizationPublicAccessBlock"],

  evaluate({ bucket, accessPoints: points = [], ...blocks }) {
    if (points.length === 0) return { status: "not-applicable", message: `${bucket} has no access points.` };
    const findings = points.map((point) => findingOf(point, bucket, blocks));
    const [first, ...others] = findings.flatMap((finding) => finding.violations ?? []);
    if (first !== undefined) return { status: "fail", violations: [first, ...others] };
    const [doubt] = findings.flatMap((finding) => finding.doubt ?? []);
    if (doubt !== undefined) return { status: "unknown", message: doubt };
    return {
      status: "pass",
      message: `No access point of ${bucket} is open: ${points.map(({ Name }) => Name).join(", ")}.`,
    };
  },
});

interface Finding {
  readonly violations?: readonly Violation[];
  readonly doubt?: string;
}

function findingOf(point: AccessPoint, bucket: string, blocks: BlockFacets): Finding {
  const { Name, NetworkOrigin = "Internet", PublicAccessBlockConfiguration: flags } = point;
  // nothing is public that only a VPC can reach
  if (NetworkOrigin === "VPC") return {};
  const missing = missingFlagsOf(flags, blocks);
  const isRestricted = !missing.includes("RestrictPublicBuckets");
  const policy = accessPointPublic(NetworkOrigin, parsedPolicy(point.Policy));
  if (policy.answer === "yes" && !isRestricted) {
    const message = `The access point ${Name} of ${bucket} is public: ${policy.reason}, and RestrictPublicBuckets is off.`;
    return { violations: [{ message, evidence: { accessPoint: Name, off: missing } }] };
  }
  if (policy.answer === "unknown" && !isRestricted) {
    return { doubt: `The policy of the access point ${Name} of ${bucket} cannot be understood: ${policy.reason}.` };
  }
  if (flags === undefined || missing.length === 0) return {};
  const off = missing.length === 4 ? "none of the four flags is on" : `off: ${missing.join(", ")}`;
  const message = `The access point ${Name} of ${bucket} is not closed to public access (${off}).`;
  return { violations: [{ message, evidence: { accessPoint: Name, off: missing } }] };
}

/** The access point's own flags count like those of one more level. */
function missingFlagsOf(
  own: AccessPoint["PublicAccessBlockConfiguration"],
  blocks: BlockFacets,
): readonly (keyof AccessBlock)[] {
  return missingFlags(blocks).filter((flag) => own?.[flag] !== true);
}
