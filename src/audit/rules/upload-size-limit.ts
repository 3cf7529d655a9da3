import { endpointNotNamed, failsWith, hasSigned, hostOf, signedNothing } from "../endpoint-answers.ts";
import { oversizedBytes } from "../hostile-names.ts";
import { defineRule } from "../rule.ts";

export const uploadSizeLimit = defineRule({
  id: "upload-size-limit",
  layer: "extra",
  severity: "medium",
  title: "The endpoint refuses a file that is too large",
  why: "Whoever may upload chooses what you pay for. A limit at the signer is the only one there is: S3 has none of its own below its maximum.",
  fix: {
    cli: `# in the function that signs: refuse before signing
if (!(size <= MAX_SIZE)) return { statusCode: 413 };
# s3up's own backend: MAX_SIZE=104857600`,
    terraform: `# in the environment of s3up's own backend (aws_lambda_function):
MAX_SIZE = "104857600"`,
  },
  needs: ["endpoint"],

  evaluate({ endpoint }) {
    if (endpoint === undefined) return endpointNotNamed;
    if (!hasSigned(endpoint)) return signedNothing(endpoint);
    const host = hostOf(endpoint);
    if (endpoint.oversized === undefined) {
      return { status: "not-applicable", message: `${host} is told no size, so that it can refuse none.` };
    }
    if (endpoint.oversized === "unclear") {
      return { status: "unknown", message: `${host} gave no clear answer to a file of ${oversizedBytes} bytes.` };
    }
    const message = `${host} signs for a file of ${oversizedBytes} bytes (1 PiB), which S3 would never take.`;
    const violations = endpoint.oversized === "signed" ? [{ message }] : [];
    return failsWith(violations, `${host} refuses a file of ${oversizedBytes} bytes.`);
  },
});
