import { urlsBindUpload } from "../../../src/audit/rules/urls-bind-upload.ts";
import { anUpload, behindEndpoint } from "../../support/audit-endpoint.ts";
import { describeRule, fails, failsWith, passes } from "../../support/describe-rule.ts";
import { withoutAnswers } from "../../support/endpoint-rows.ts";

const without = (...names: readonly string[]) =>
  behindEndpoint({
    uploads: [anUpload({ signedHeaders: anUpload().signedHeaders.filter((name) => !names.includes(name)) })],
  });
const withForm = (form: { readonly openKey: boolean; readonly maxSize?: number }) =>
  behindEndpoint({ uploads: [anUpload({ asked: "form", signedHeaders: [], form })] });

describeRule(urlsBindUpload, [
  [
    "passes when all is signed",
    behindEndpoint(),
    passes("api.example.com signs type, length and checksum of every upload."),
  ],
  [
    "fails when the type is not",
    without("content-type"),
    fails("At api.example.com, the address for a plain request leaves the content type to the sender."),
  ],
  [
    "fails when the length is not",
    without("content-length"),
    fails("At api.example.com, the address for a plain request leaves the size to the sender, up to 5 GiB."),
  ],
  [
    "is milder when only the checksum is not",
    without("x-amz-checksum-sha256"),
    failsWith("low", "At api.example.com, the address for a plain request does not bind the checksum that was told."),
  ],
  [
    "asks for no checksum where none was told",
    behindEndpoint({
      uploads: [anUpload({ asked: "article", signedHeaders: ["content-length", "content-type", "host"] })],
    }),
    passes("api.example.com signs type, length and checksum of every upload."),
  ],
  [
    "fails for Signature V2",
    behindEndpoint({ uploads: [anUpload({ signatureVersion: 2 })] }),
    fails(
      "At api.example.com, the address for a plain request is signed with Signature Version 2, which binds no length.",
    ),
  ],
  [
    "passes for a form that fixes key and size",
    withForm({ openKey: false, maxSize: 1000 }),
    passes("api.example.com signs type, length and checksum of every upload."),
  ],
  [
    "fails for a form that does not",
    withForm({ openKey: true }),
    fails(
      "At api.example.com, the address of the browser form leaves the key to the sender.",
      "At api.example.com, the address of the browser form has no content-length-range: it takes up to 5 GiB.",
    ),
  ],
  ...withoutAnswers,
]);
