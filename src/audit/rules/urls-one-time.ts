import { endpointNotNamed, failsWith, hasSigned, hostOf, signedNothing } from "../endpoint-answers.ts";
import { defineRule } from "../rule.ts";

export const urlsOneTime = defineRule({
  id: "urls-one-time",
  layer: 4,
  severity: "medium",
  title: "A signed address works once",
  why: "Until it expires, whoever sees the address in a log or a proxy can send something else with it, and replaces the file that was checked.",
  fix: {
    cli: `# in the function that signs: the second upload to the key gets 412
new PutObjectCommand({ Bucket, Key, IfNoneMatch: "*" })
getSignedUrl(client, command, { expiresIn, unhoistableHeaders: new Set(["if-none-match"]) })   // and let the client send the header`,
    terraform: `# in a Deny statement of the bucket policy: refuse uploads without the header
condition {
  test     = "Null"
  variable = "s3:if-none-match"
  values   = ["true"]
}`,
  },
  needs: ["endpoint"],

  evaluate({ endpoint }) {
    if (endpoint === undefined) return endpointNotNamed;
    if (!hasSigned(endpoint)) return signedNothing(endpoint);
    const host = hostOf(endpoint);
    const { replay } = endpoint;
    if (replay === undefined) {
      const message = "Nothing was uploaded, so that no address was used twice (--probe-upload).";
      return { status: "not-applicable", message };
    }
    if (!isSuccess(replay.first)) {
      return {
        status: "unknown",
        message: `The address of ${host} could not be used once: S3 answered ${replay.first}.`,
      };
    }
    const message = `The same address of ${host} was good for two uploads: S3 answered ${replay.first} and ${replay.second}.`;
    const violations = isSuccess(replay.second) ? [{ message, evidence: replay }] : [];
    return failsWith(violations, `The address of ${host} worked once; the second upload got ${replay.second}.`);
  },
});

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
