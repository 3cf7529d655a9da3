import { endpointBucket } from "../../../src/audit/rules/endpoint-bucket.ts";
import { anUpload, behindEndpoint } from "../../support/audit-endpoint.ts";
import { describeRule, fails, passes } from "../../support/describe-rule.ts";
import { withoutAnswers } from "../../support/endpoint-rows.ts";

describeRule(endpointBucket, [
  ["passes for the same bucket", behindEndpoint(), passes("api.example.com signs for drop.")],
  [
    "fails for another one",
    behindEndpoint({ uploads: [anUpload({ bucket: "drop-2" }), anUpload({ asked: "long-life", bucket: "drop-2" })] }),
    fails("api.example.com signs for the bucket drop-2, not for drop."),
  ],
  ...withoutAnswers,
]);
