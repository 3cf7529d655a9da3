import { urlsOneTime } from "../../../src/audit/rules/urls-one-time.ts";
import { behindEndpoint } from "../../support/audit-endpoint.ts";
import { describeRule, fails, isUnknown, notApplicable, passes } from "../../support/describe-rule.ts";
import { withoutAnswers } from "../../support/endpoint-rows.ts";

describeRule(urlsOneTime, [
  [
    "does not apply where nothing was uploaded",
    behindEndpoint(),
    notApplicable("Nothing was uploaded, so that no address was used twice (--probe-upload)."),
  ],
  [
    "passes when the second upload is refused",
    behindEndpoint({ replay: { first: 200, second: 412 } }),
    passes("The address of api.example.com worked once; the second upload got 412."),
  ],
  [
    "fails when the second upload is taken",
    behindEndpoint({ replay: { first: 200, second: 200 } }),
    fails("The same address of api.example.com was good for two uploads: S3 answered 200 and 200."),
  ],
  [
    "is unknown when the first was refused",
    behindEndpoint({ replay: { first: 403, second: 403 } }),
    isUnknown("The address of api.example.com could not be used once: S3 answered 403."),
  ],
  ...withoutAnswers,
]);
