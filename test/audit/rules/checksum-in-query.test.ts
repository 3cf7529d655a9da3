import { checksumInQuery } from "../../../src/audit/rules/checksum-in-query.ts";
import { anUpload, behindEndpoint } from "../../support/audit-endpoint.ts";
import { describeRule, fails, failsWith, passes } from "../../support/describe-rule.ts";
import { withoutAnswers } from "../../support/endpoint-rows.ts";

const withQuery = (name: string, ofEmptyBody: boolean) =>
  behindEndpoint({ uploads: [anUpload({ queryChecksums: [{ name, ofEmptyBody }] })] });

describeRule(checksumInQuery, [
  ["passes without one", behindEndpoint(), passes("api.example.com puts no checksum into the query.")],
  [
    "fails for a checksum that nobody compares",
    withQuery("x-amz-checksum-sha256", false),
    fails("At api.example.com, the address for a plain request has x-amz-checksum-sha256 in its query."),
  ],
  [
    "is worse for that of an empty body",
    withQuery("x-amz-checksum-crc32", true),
    failsWith(
      "medium",
      "At api.example.com, the address for a plain request has the x-amz-checksum-crc32 of an empty body in its query.",
    ),
  ],
  ...withoutAnswers,
]);
