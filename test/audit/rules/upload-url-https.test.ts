import { uploadUrlHttps } from "../../../src/audit/rules/upload-url-https.ts";
import { aBucket } from "../../support/audit-bucket.ts";
import { anUpload, behindEndpoint, closedEndpoint } from "../../support/audit-endpoint.ts";
import { describeRule, fails, notApplicable, passes } from "../../support/describe-rule.ts";

describeRule(uploadUrlHttps, [
  ["passes over https", behindEndpoint(), passes("api.example.com uses TLS.")],
  [
    "passes within one machine",
    behindEndpoint({ url: "http://127.0.0.1:9001/presign" }),
    passes("127.0.0.1:9001 uses TLS."),
  ],
  ["passes where nothing was signed", closedEndpoint, passes("api.example.com uses TLS.")],
  [
    "fails for a plain endpoint",
    behindEndpoint({ url: "http://api.example.com/presign" }),
    fails("The endpoint api.example.com answers over plain HTTP."),
  ],
  [
    "fails for a name that only begins like this machine's",
    behindEndpoint({ url: "http://127.0.0.1.example.com/presign" }),
    fails("The endpoint 127.0.0.1.example.com answers over plain HTTP."),
  ],
  [
    "fails for plain addresses",
    behindEndpoint({ uploads: [anUpload({ secure: false })] }),
    fails("api.example.com signs addresses for plain HTTP."),
  ],
  [
    "does not apply where no endpoint was named",
    aBucket(),
    notApplicable("No presign endpoint was named (--endpoint)."),
  ],
]);
