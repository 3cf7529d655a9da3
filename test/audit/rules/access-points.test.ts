import type { AccessPoint } from "../../../src/audit/facets.ts";
import { accessPoints } from "../../../src/audit/rules/access-points.ts";
import { aBlock, aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";
import { allowAll, documentOf } from "../../support/policy-documents.ts";

const openPolicy = documentOf(
  allowAll({ Resource: "arn:aws:s3:eu-central-1:111122223333:accesspoint/first/object/*" }),
);

function aPoint(changes: { readonly [M in keyof AccessPoint]?: AccessPoint[M] | undefined } = {}): AccessPoint {
  const point = { Name: "first", NetworkOrigin: "Internet", PublicAccessBlockConfiguration: aBlock(true), ...changes };
  // a change to undefined leaves the member out, as JSON does
  return JSON.parse(JSON.stringify(point));
}

describeRule(accessPoints, [
  ["does not apply without access points", aBucket(), notApplicable("drop has no access points.")],
  [
    "passes for one that is closed",
    aBucket({ accessPoints: [aPoint()] }),
    passes("No access point of drop is open: first."),
  ],
  [
    "fails for a policy that is public",
    aBucket({ accessPoints: [aPoint({ Policy: openPolicy, PublicAccessBlockConfiguration: aBlock(false) })] }),
    fails(
      'The access point first of drop is public: statement 1: the principal is "*": everyone, without credentials too, and RestrictPublicBuckets is off.',
    ),
  ],
  [
    "passes for it where the account restricts public buckets",
    aBucket({
      accessPoints: [aPoint({ Policy: openPolicy, PublicAccessBlockConfiguration: aBlock(false) })],
      accountPublicAccessBlock: aBlock(true),
    }),
    passes("No access point of drop is open: first."),
  ],
  [
    "fails for flags that are off",
    aBucket({ accessPoints: [aPoint({ PublicAccessBlockConfiguration: aBlock(true, { BlockPublicPolicy: false }) })] }),
    fails("The access point first of drop is not closed to public access (off: BlockPublicPolicy)."),
  ],
  [
    "fails where none is on",
    aBucket({ accessPoints: [aPoint({ PublicAccessBlockConfiguration: {} })] }),
    fails("The access point first of drop is not closed to public access (none of the four flags is on)."),
  ],
  [
    "judges the policy alone where the flags were not read",
    aBucket({
      accessPoints: [
        aPoint({ PublicAccessBlockConfiguration: undefined }),
        aPoint({ Name: "second", Policy: openPolicy, PublicAccessBlockConfiguration: undefined }),
      ],
    }),
    fails(
      'The access point second of drop is public: statement 1: the principal is "*": everyone, without credentials too, and RestrictPublicBuckets is off.',
    ),
  ],
  [
    "passes for one that only a VPC can reach",
    aBucket({
      accessPoints: [
        aPoint({ NetworkOrigin: "VPC", Policy: openPolicy, PublicAccessBlockConfiguration: aBlock(false) }),
      ],
    }),
    passes("No access point of drop is open: first."),
  ],
  [
    "is unknown for a policy that is none",
    aBucket({ accessPoints: [aPoint({ Policy: "?", PublicAccessBlockConfiguration: aBlock(false) })] }),
    isUnknown(
      'The policy of the access point first of drop cannot be understood: The policy: a JSON value is expected, not "?" (line 1, column 1).',
    ),
  ],
  [
    "is unknown where they were refused",
    aBucket({ accessPoints: unread() }),
    isUnknown(
      "The access points could not be read (AccessDenied); it takes s3:ListAccessPoints, s3:GetAccessPoint, s3:GetAccessPointPolicy.",
      "s3:ListAccessPoints",
      "s3:GetAccessPoint",
      "s3:GetAccessPointPolicy",
    ),
  ],
]);
