import { whyForAnyone } from "../cors-origin.ts";
import { failsWith, foreignGrant, hostOf } from "../endpoint-answers.ts";
import type { EndpointFacts } from "../endpoint-facts.ts";
import type { SignerFunction } from "../facets.ts";
import { foreignOrigin } from "../hostile-names.ts";
import { defineRule, type Violation } from "../rule.ts";

export const corsApi = defineRule({
  id: "cors-api",
  layer: 5,
  severity: "medium",
  title: "The presign endpoint admits named websites only",
  why: "Any page can ask the endpoint for an upload URL from its visitor's browser, and read it. What the visitor may upload, the page may.",
  fix: {
    cli: `aws lambda update-function-url-config --function-name FUNCTION --cors 'AllowOrigins=["ORIGIN"],AllowMethods=["POST"]'
# an HTTP API instead: aws apigatewayv2 update-api --api-id API --cors-configuration AllowOrigins=ORIGIN,AllowMethods=POST`,
    terraform: `# in aws_lambda_function_url: cors { … }, in aws_apigatewayv2_api: cors_configuration { … }
allow_origins = ["ORIGIN"]
allow_methods = ["POST"]`,
  },
  needs: ["signer", "endpoint"],

  evaluate({ bucket, signer, endpoint }) {
    const cors = signer?.function?.cors;
    if (cors === undefined && endpoint?.preflight === undefined) {
      return {
        status: "not-applicable",
        message: `No CORS configuration of a presign endpoint for ${bucket} was read.`,
      };
    }
    return failsWith(
      [...(cors === undefined ? [] : configured(cors, bucket)), ...(endpoint === undefined ? [] : seen(endpoint))],
      `The presign endpoint for ${bucket} admits named origins only.`,
    );
  },
});

function configured(cors: NonNullable<SignerFunction["cors"]>, bucket: string): readonly Violation[] {
  return (cors.AllowOrigins ?? []).flatMap((pattern): readonly Violation[] => {
    const why = whyForAnyone(pattern);
    if (why === undefined) return [];
    const message = `The presign endpoint for ${bucket} admits pages of strangers: the origin ${pattern} ${why}.`;
    return [{ message, evidence: cors }];
  });
}

/** With its visitor's cookies or login besides, such a page may ask for whatever the visitor may. */
function seen(endpoint: EndpointFacts): readonly Violation[] {
  const { preflight } = endpoint;
  const grant = preflight === undefined ? undefined : foreignGrant(preflight);
  if (preflight === undefined || grant === undefined) return [];
  const message = `${hostOf(endpoint)} lets ${foreignOrigin}, which nobody intends, read its answers: Access-Control-Allow-Origin is ${grant}.`;
  const isWorse = preflight.allowCredentials === true && grant !== "*";
  return [{ message, evidence: preflight, ...(isWorse ? { severity: "high" as const } : {}) }];
}
