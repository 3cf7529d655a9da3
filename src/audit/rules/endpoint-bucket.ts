import { endpointNotNamed, failsWith, hasSigned, hostOf, signedNothing } from "../endpoint-answers.ts";
import { defineRule } from "../rule.ts";

export const endpointBucket = defineRule({
  id: "endpoint-bucket",
  layer: "extra",
  severity: "medium",
  title: "The endpoint signs for the bucket that is audited",
  why: "What is found about a bucket says nothing about uploads that go to another one.",
  fix: {
    cli: "# Audit the bucket that the endpoint signs for, or give the function that signs the name BUCKET.",
    terraform: "# in the environment of the function that signs (aws_lambda_function): the name of BUCKET",
  },
  needs: ["endpoint"],

  evaluate({ bucket, endpoint }) {
    if (endpoint === undefined) return endpointNotNamed;
    if (!hasSigned(endpoint)) return signedNothing(endpoint);
    const host = hostOf(endpoint);
    const named = [...new Set(endpoint.uploads.flatMap((upload) => upload.bucket ?? []))];
    const others = named.filter((name) => name !== bucket).sort();
    const violations = others.map((other) => ({
      message: `${host} signs for the bucket ${other}, not for ${bucket}.`,
    }));
    return failsWith(violations, `${host} signs for ${bucket}.`);
  },
});
