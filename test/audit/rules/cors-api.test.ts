import type { SignerFunction } from "../../../src/audit/facets.ts";
import { corsApi } from "../../../src/audit/rules/cors-api.ts";
import { aBucket, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";

const behind = (cors?: NonNullable<SignerFunction["cors"]>) =>
  aBucket({ signer: { policies: [], function: cors === undefined ? {} : { cors } } });
const notRead = notApplicable("No CORS configuration of a presign endpoint for drop was read.");
const actions = [
  "lambda:GetFunctionConfiguration",
  "lambda:GetFunctionUrlConfig",
  "lambda:GetPolicy",
  "apigateway:GET",
  "iam:GetRole",
  "iam:ListRolePolicies",
  "iam:GetRolePolicy",
  "iam:ListAttachedRolePolicies",
  "iam:GetPolicy",
  "iam:GetPolicyVersion",
];

describeRule(corsApi, [
  [
    "passes for named origins",
    behind({ AllowOrigins: ["https://app.example.com", "http://localhost:5173"] }),
    passes("The presign endpoint for drop admits named origins only."),
  ],
  [
    "fails for everyone",
    behind({ AllowOrigins: ["https://app.example.com", "*"] }),
    fails("The presign endpoint for drop admits pages of strangers: the origin * is every website."),
  ],
  [
    "fails for every host of an ending",
    behind({ AllowOrigins: ["https://*.com"] }),
    fails(
      "The presign endpoint for drop admits pages of strangers: the origin https://*.com has a wildcard where anyone can register a name.",
    ),
  ],
  ["does not apply without CORS", behind(), notRead],
  ["does not apply without a signer", aBucket(), notRead],
  [
    "is unknown when the signer cannot be read, and names what it takes",
    aBucket({ signer: unread() }),
    isUnknown(
      `The signer's role and function could not be read (AccessDenied); it takes ${actions.join(", ")}.`,
      ...actions,
    ),
  ],
  [
    "names the one action that the reason names",
    aBucket({ signer: unread("AccessDenied: lambda:GetFunctionUrlConfig") }),
    isUnknown(
      "The signer's role and function could not be read (AccessDenied: lambda:GetFunctionUrlConfig); it takes lambda:GetFunctionUrlConfig.",
      "lambda:GetFunctionUrlConfig",
    ),
  ],
]);
