import { uploadSizeLimit } from "../../../src/audit/rules/upload-size-limit.ts";
import { aBucket } from "../../support/audit-bucket.ts";
import { anEndpoint, behindEndpoint } from "../../support/audit-endpoint.ts";
import { describeRule, fails, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";
import { withoutAnswers } from "../../support/endpoint-rows.ts";

const { oversized: _, ...withoutSizes } = anEndpoint();

describeRule(uploadSizeLimit, [
  ["passes when it is refused", behindEndpoint(), passes("api.example.com refuses a file of 1125899906842624 bytes.")],
  [
    "fails when it is signed",
    behindEndpoint({ oversized: "signed" }),
    fails("api.example.com signs for a file of 1125899906842624 bytes (1 PiB), which S3 would never take."),
  ],
  [
    "is unknown without a clear answer",
    behindEndpoint({ oversized: "unclear" }),
    isUnknown("api.example.com gave no clear answer to a file of 1125899906842624 bytes."),
  ],
  [
    "does not apply where no size is told",
    aBucket({ endpoint: withoutSizes }),
    notApplicable("api.example.com is told no size, so that it can refuse none."),
  ],
  ...withoutAnswers,
]);
