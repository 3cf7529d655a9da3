/** Default encryption. Kept and shown: the sandbox encrypts nothing. */
import { s3Error } from "../s3-error.ts";
import { childrenOf, type XmlElement } from "../xml.ts";
import { deleteDocument, getDocument, putDocument, type SettingHandlers } from "./setting.ts";
import { boolean, group, many, oneOf, optional, required, someText } from "./shape.ts";
import { childOf, element, textOf } from "./xml-tree.ts";

const root = "ServerSideEncryptionConfiguration";

const shape = group({
  Rule: required(
    group({
      ApplyServerSideEncryptionByDefault: optional(
        group({
          SSEAlgorithm: required(oneOf("AES256", "aws:kms", "aws:kms:dsse")),
          KMSMasterKeyID: optional(someText),
        }),
      ),
      BucketKeyEnabled: optional(boolean),
      BlockedEncryptionTypes: optional(group({ EncryptionType: many(oneOf("NONE", "SSE-C"), { min: 1, max: 2 }) })),
    }),
  ),
});

/** Every object is encrypted since January 2023; keys of the customer (SSE-C) are blocked on new buckets since April 2026. */
const ofNewBucket = defaultsWith(element("BlockedEncryptionTypes", element("EncryptionType", "SSE-C")));

/** There is no bucket without encryption: a delete brings Amazon's own keys back, so nothing is ever "not found". */
const afterDelete = defaultsWith();

export const encryptionHandlers: SettingHandlers = {
  GetBucketEncryption: getDocument("encryption", afterDelete, ofNewBucket),
  PutBucketEncryption: putDocument({ name: "encryption", root, shape, accept: withBucketKey }),
  DeleteBucketEncryption: deleteDocument("encryption"),
};

function defaultsWith(...more: readonly XmlElement[]): XmlElement {
  const algorithm = element("ApplyServerSideEncryptionByDefault", element("SSEAlgorithm", "AES256"));
  return element(root, element("Rule", algorithm, element("BucketKeyEnabled", "false"), ...more));
}

/** S3 shows BucketKeyEnabled in any case. */
function withBucketKey(document: XmlElement): XmlElement {
  return {
    ...document,
    children: childrenOf(document, "Rule").map((rule) => {
      refuseKeyWithoutKms(rule);
      if (childOf(rule, "BucketKeyEnabled") !== undefined) return rule;
      return { ...rule, children: [...rule.children, element("BucketKeyEnabled", "false")] };
    }),
  };
}

function refuseKeyWithoutKms(rule: XmlElement): void {
  const byDefault = childOf(rule, "ApplyServerSideEncryptionByDefault");
  if (byDefault === undefined || textOf(byDefault, "SSEAlgorithm") !== "AES256") return;
  if (childOf(byDefault, "KMSMasterKeyID") === undefined) return;
  const message = "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse";
  throw s3Error("InvalidArgument", { ArgumentName: "ApplyServerSideEncryptionByDefault" }, { message });
}
