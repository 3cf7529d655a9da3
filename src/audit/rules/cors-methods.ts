import type { Intent } from "../intent.ts";
import { defineRule, type Violation } from "../rule.ts";

export const corsMethods = defineRule({
  id: "cors-methods",
  layer: 5,
  severity: "medium",
  title: "CORS admits the methods of uploading only",
  why: "A method that no page of yours uses only helps a page that is not yours. With a leaked URL it could read or delete from its visitor's browser.",
  fix: {
    cli: `aws s3api put-bucket-cors --bucket BUCKET --cors-configuration '{"CORSRules":[{
  "AllowedOrigins":["ORIGIN"],"AllowedMethods":["METHOD"],
  "AllowedHeaders":["content-type","if-none-match","x-amz-*"],"ExposeHeaders":["ETag"],"MaxAgeSeconds":3600}]}'`,
    terraform: `# in the cors_rule of aws_s3_bucket_cors_configuration:
allowed_methods = ["METHOD"]`,
  },
  needs: ["cors"],

  evaluate({ bucket, cors = [] }, intent) {
    if (cors.length === 0)
      return { status: "not-applicable", message: `${bucket} has no CORS rules: no method is admitted.` };
    const admitted = [...new Set(cors.flatMap((rule) => rule.AllowedMethods))];
    const useful = usefulMethods(intent);
    const beyond = admitted.filter((method) => !useful.includes(method));
    if (beyond.length === 0) {
      return { status: "pass", message: `CORS of ${bucket} admits ${admitted.join(", ")}, which is what uploads use.` };
    }
    const message = `CORS of ${bucket} admits ${beyond.join(", ")}; uploads${modeText(intent)} use ${useful.join(", ")}.`;
    return { status: "fail", violations: [{ message, evidence: { beyond, useful }, ...milderFor(beyond) }] };
  },
});

/** In parts: PUT for each, and POST and DELETE where the page itself completes or gives up. */
function usefulMethods({ mode }: Intent): readonly string[] {
  if (mode === "put") return ["PUT"];
  if (mode === "post") return ["POST"];
  return mode === "multipart" ? ["PUT", "POST", "DELETE"] : ["PUT", "POST"];
}

function modeText({ mode }: Intent): string {
  if (mode === undefined) return "";
  return { put: " by PUT", post: " by form", multipart: " in parts" }[mode];
}

/** Reading back what was uploaded is not uploading, and does less harm than deleting. */
function milderFor(methods: readonly string[]): Pick<Violation, "severity"> {
  return methods.every((method) => method === "GET" || method === "HEAD") ? { severity: "low" } : {};
}
