import { isPublic } from "../../policy/public.ts";
import { hostOf } from "../endpoint-answers.ts";
import type { EndpointFacts } from "../endpoint-facts.ts";
import type { SignerFunction } from "../facets.ts";
import { parsedPolicy } from "../parsed-policy.ts";
import { defineRule, type Violation } from "../rule.ts";
import { noSigner } from "../signer-rights.ts";

/** Source: AWS Lambda Developer Guide, "Control access to Lambda function URLs". */
export const functionPublic = defineRule({
  id: "function-public",
  layer: 2,
  severity: "high",
  title: "Not everyone can call the signing function",
  why: "Whoever can call it gets upload URLs, as many as they like: storage at your cost, under your name. A sign-in, or at least throttling in front, has to decide who is let in.",
  fix: {
    cli: `aws lambda update-function-url-config --function-name FUNCTION --auth-type AWS_IAM
aws lambda get-policy --function-name FUNCTION --query Policy --output text
aws lambda remove-permission --function-name FUNCTION --statement-id STATEMENT_ID
# open on purpose? say why in s3up.config.json: publicFunctionReason`,
    terraform: `resource "aws_lambda_function_url" "signer" {
  function_name      = "FUNCTION"
  authorization_type = "AWS_IAM"
}
# and no aws_lambda_permission with principal = "*"`,
  },
  needs: ["signer", "endpoint"],

  evaluate({ bucket, signer, endpoint }, { publicFunctionReason }) {
    if (signer === undefined && endpoint === undefined) return noSigner(bucket);
    if (signer?.function === undefined && endpoint === undefined) {
      return { status: "not-applicable", message: `No function that signs for ${bucket} was read.` };
    }
    const policy = parsedPolicy(signer?.function?.policy);
    const [first, ...others] = [
      ...(signer?.function === undefined
        ? []
        : [
            ...byUrl(signer.function, bucket),
            ...byRoutes(signer.function, bucket),
            ...byPolicy(signer.function, bucket),
          ]),
      ...(endpoint?.anonymous === "signed" ? [byAnswer(endpoint, bucket)] : []),
    ];
    if (first === undefined && policy.state === "unreadable") {
      const message = `The policy of the function that signs for ${bucket} cannot be understood: ${policy.reason}.`;
      return { status: "unknown", message };
    }
    if (first === undefined && endpoint?.anonymous === "unclear") {
      const message = `${hostOf(endpoint)} gave no clear answer to a request that named nobody.`;
      return { status: "unknown", message };
    }
    if (first === undefined) {
      return { status: "pass", message: `The function that signs for ${bucket} cannot be called by everyone.` };
    }
    if (publicFunctionReason !== undefined) {
      const message = `The function that signs for ${bucket} is open to everyone, and meant to be: ${publicFunctionReason}`;
      return { status: "pass", message };
    }
    return { status: "fail", violations: [first, ...others] };
  },
});

function byUrl({ url }: SignerFunction, bucket: string): readonly Violation[] {
  if (url?.AuthType !== "NONE") return [];
  const message = `The URL of the function that signs for ${bucket} asks nobody who they are: its AuthType is NONE.`;
  const resource = url.FunctionUrl ?? "the function URL";
  return [{ message, witness: { action: "lambda:InvokeFunctionUrl", resource, principal: "*" } }];
}

/** A browser's preflight asks without signing in, always. */
function byRoutes({ routes = [] }: SignerFunction, bucket: string): readonly Violation[] {
  const open = routes.filter(
    ({ RouteKey, AuthorizationType }) => AuthorizationType === "NONE" && !RouteKey.startsWith("OPTIONS "),
  );
  return open.map(({ RouteKey }) => ({
    message: `The route ${RouteKey} of the API that signs for ${bucket} asks nobody who they are: its authorization type is NONE.`,
    witness: { action: "execute-api:Invoke", resource: RouteKey, principal: "*" },
  }));
}

function byPolicy({ policy }: SignerFunction, bucket: string): readonly Violation[] {
  const document = parsedPolicy(policy);
  if (document.state !== "present") return [];
  const verdict = isPublic(document.value);
  if (!verdict.isPublic) return [];
  const statement = document.value.statements[verdict.statements.find((one) => one.public)?.index ?? 0];
  const message = `The policy of the function that signs for ${bucket} lets anyone call it: ${verdict.reason}.`;
  const action = statement?.actions.patterns[0];
  const resource = statement?.resources?.patterns[0];
  if (action === undefined || resource === undefined) return [{ message }];
  return [{ message, witness: { action, resource, principal: "*" } }];
}

function byAnswer(endpoint: EndpointFacts, bucket: string): Violation {
  const message = `${hostOf(endpoint)} signed an upload to ${bucket} for a request that named nobody.`;
  return { message, witness: { action: "POST", resource: endpoint.url, principal: "*" } };
}
