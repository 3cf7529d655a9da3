import { askedFor, endpointNotNamed, failsWith, hasSigned, hostOf, signedNothing } from "../endpoint-answers.ts";
import type { SignedUpload } from "../endpoint-facts.ts";
import { defineRule, type Violation } from "../rule.ts";

export const checksumInQuery = defineRule({
  id: "checksum-in-query",
  layer: "extra",
  severity: "low",
  title: "No checksum stands in the query of a signed address",
  why: "S3 compares a checksum with the body only where it is a header. In the query it protects nothing, and that of an empty body, which newer SDKs add by themselves, makes some servers refuse every upload.",
  fix: {
    cli: `# in the function that signs:
new S3Client({ requestChecksumCalculation: "WHEN_REQUIRED" })
getSignedUrl(client, command, { expiresIn, unhoistableHeaders: new Set(["x-amz-checksum-sha256"]) })`,
    terraform: `# in the environment of the function that signs (aws_lambda_function):
AWS_REQUEST_CHECKSUM_CALCULATION = "when_required"`,
  },
  needs: ["endpoint"],

  evaluate({ endpoint }) {
    if (endpoint === undefined) return endpointNotNamed;
    if (!hasSigned(endpoint)) return signedNothing(endpoint);
    const host = hostOf(endpoint);
    const violations = endpoint.uploads.flatMap((upload) => violationsOf(upload, host));
    return failsWith(violations, `${host} puts no checksum into the query.`);
  },
});

function violationsOf(upload: SignedUpload, host: string): readonly Violation[] {
  if (upload.asked === "long-life") return [];
  return upload.queryChecksums.map(({ name, ofEmptyBody }) => {
    const what = ofEmptyBody ? `the ${name} of an empty body` : name;
    const message = `At ${host}, the address ${askedFor(upload)} has ${what} in its query.`;
    return { message, ...(ofEmptyBody ? { severity: "medium" as const } : {}) };
  });
}
