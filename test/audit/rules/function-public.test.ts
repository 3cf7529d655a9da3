import type { EndpointFacts } from "../../../src/audit/endpoint-facts.ts";
import type { Signer } from "../../../src/audit/facets.ts";
import { faultlessEndpoint } from "../../../src/audit/imagined-endpoints.ts";
import { functionPublic } from "../../../src/audit/rules/function-public.ts";
import { aBucket, anIntent, unread } from "../../support/audit-bucket.ts";
import { describeRule, fails, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";
import { goodSigner } from "../../support/good-bucket.ts";
import { documentOf, owner, type StatementJson } from "../../support/policy-documents.ts";

type Changes = NonNullable<Signer["function"]>;

const withFunction = (changes: Changes) => ({ ...goodSigner, function: { ...goodSigner.function, ...changes } });
const callable = (changes: StatementJson = {}) =>
  withFunction({
    policy: documentOf({
      Sid: "Url",
      Effect: "Allow",
      Principal: "*",
      Action: "lambda:InvokeFunctionUrl",
      Resource: "arn:aws:lambda:eu-central-1:111122223333:function:presign",
      Condition: { StringEquals: { "lambda:FunctionUrlAuthType": "NONE" } },
      ...changes,
    }),
  });
const endpoint = (anonymous: EndpointFacts["anonymous"]) => ({ ...faultlessEndpoint("drop", anIntent()), anonymous });

const route = (AuthorizationType: string, RouteKey = "POST /presign") =>
  withFunction({ routes: [{ RouteKey, AuthorizationType }] });

describeRule(functionPublic, [
  [
    "fails where a route of its API asks nobody who they are",
    aBucket({ signer: route("NONE") }),
    fails(
      "The route POST /presign of the API that signs for drop asks nobody who they are: its authorization type is NONE.",
    ),
  ],
  [
    "passes where the routes ask",
    aBucket({ signer: route("JWT") }),
    passes("The function that signs for drop cannot be called by everyone."),
  ],
  [
    "passes where only preflights are not asked",
    aBucket({ signer: route("NONE", "OPTIONS /presign") }),
    passes("The function that signs for drop cannot be called by everyone."),
  ],
  [
    "does not apply without a signer",
    aBucket(),
    notApplicable("Nobody said who signs URLs for drop: --function NAME or --role ARN names the signer."),
  ],
  [
    "does not apply to a role alone",
    aBucket({ signer: { policies: [] } }),
    notApplicable("No function that signs for drop was read."),
  ],
  [
    "passes behind an API that may call it",
    aBucket({ signer: goodSigner }),
    passes("The function that signs for drop cannot be called by everyone."),
  ],
  [
    "passes for a URL that asks for a signature",
    aBucket({ signer: withFunction({ url: { AuthType: "AWS_IAM" } }) }),
    passes("The function that signs for drop cannot be called by everyone."),
  ],
  [
    "fails for one that asks nobody",
    aBucket({
      signer: withFunction({ url: { AuthType: "NONE", FunctionUrl: "https://abc.lambda-url.eu-central-1.on.aws/" } }),
    }),
    fails("The URL of the function that signs for drop asks nobody who they are: its AuthType is NONE."),
  ],
  [
    "fails for a policy that lets anyone call",
    aBucket({ signer: callable() }),
    fails(
      'The policy of the function that signs for drop lets anyone call it: statement 1 ("Url"): the principal is "*": everyone, without credentials too; lambda:FunctionUrlAuthType does not fix who may call.',
    ),
  ],
  [
    "passes for one that names the account",
    aBucket({ signer: callable({ Principal: { AWS: owner }, Condition: undefined }) }),
    passes("The function that signs for drop cannot be called by everyone."),
  ],
  [
    "passes where it is meant, and repeats why",
    aBucket({ signer: callable() }),
    passes(
      "The function that signs for drop is open to everyone, and meant to be: a contact form; the WAF in front of it throttles.",
    ),
    { publicFunctionReason: "a contact form; the WAF in front of it throttles." },
  ],
  [
    "is unknown for a policy that is none",
    aBucket({ signer: withFunction({ policy: [] }) }),
    isUnknown("The policy of the function that signs for drop cannot be understood: The policy: is not a JSON object."),
  ],
  [
    "passes where the endpoint refused a stranger",
    aBucket({ endpoint: endpoint("refused") }),
    passes("The function that signs for drop cannot be called by everyone."),
  ],
  [
    "fails where the endpoint signed for a stranger",
    aBucket({ endpoint: endpoint("signed") }),
    fails("api.example.com signed an upload to drop for a request that named nobody."),
  ],
  [
    "is unknown where the endpoint gave no clear answer",
    aBucket({ endpoint: endpoint("unclear") }),
    isUnknown("api.example.com gave no clear answer to a request that named nobody."),
  ],
  [
    "is unknown where the function could not be read",
    aBucket({ signer: unread("AccessDenied: lambda:GetPolicy") }),
    isUnknown(
      "The signer's role and function could not be read (AccessDenied: lambda:GetPolicy); it takes lambda:GetPolicy.",
      "lambda:GetPolicy",
    ),
  ],
]);
