import { whyForAnyone } from "../cors-origin.ts";
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
  needs: ["signer"],

  evaluate({ bucket, signer }) {
    const cors = signer?.function?.cors;
    if (cors === undefined) {
      return {
        status: "not-applicable",
        message: `No CORS configuration of a presign endpoint for ${bucket} was read.`,
      };
    }
    const [first, ...others] = (cors.AllowOrigins ?? []).flatMap((pattern): readonly Violation[] => {
      const why = whyForAnyone(pattern);
      if (why === undefined) return [];
      const message = `The presign endpoint for ${bucket} admits pages of strangers: the origin ${pattern} ${why}.`;
      return [{ message, evidence: cors }];
    });
    if (first !== undefined) return { status: "fail", violations: [first, ...others] };
    return { status: "pass", message: `The presign endpoint for ${bucket} admits named origins only.` };
  },
});
