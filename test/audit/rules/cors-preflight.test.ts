import { corsPreflight } from "../../../src/audit/rules/cors-preflight.ts";
import { aBucket } from "../../support/audit-bucket.ts";
import { anEndpoint, behindEndpoint } from "../../support/audit-endpoint.ts";
import { describeRule, fails, isUnknown, passes } from "../../support/describe-rule.ts";
import { withoutAnswers } from "../../support/endpoint-rows.ts";

const { bucketPreflight: _, ...withoutAnswer } = anEndpoint();
const taken = (grant: string) =>
  fails(
    `S3 lets https://s3up-probe.invalid, which nobody intends, upload to drop: it answers Access-Control-Allow-Origin: ${grant}.`,
  );

describeRule(corsPreflight, [
  ["passes when S3 refuses", behindEndpoint(), passes("S3 refuses the preflight of a page that nobody intends.")],
  [
    "passes when S3 names another origin",
    behindEndpoint({ bucketPreflight: { status: 200, allowOrigin: "https://app.example.com" } }),
    passes("S3 refuses the preflight of a page that nobody intends."),
  ],
  ["fails for everyone", behindEndpoint({ bucketPreflight: { status: 200, allowOrigin: "*" } }), taken("*")],
  [
    "fails when S3 repeats the origin",
    behindEndpoint({ bucketPreflight: { status: 200, allowOrigin: "https://s3up-probe.invalid" } }),
    taken("https://s3up-probe.invalid"),
  ],
  [
    "is unknown without an answer",
    aBucket({ endpoint: withoutAnswer }),
    isUnknown("What api.example.com signs for gave no answer to a preflight."),
  ],
  ...withoutAnswers,
]);
