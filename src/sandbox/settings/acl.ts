/** The ACL of a bucket. It is kept and shown; nothing in the sandbox asks it for permission. */
import { s3Error } from "../s3-error.ts";
import type { XmlElement } from "../xml.ts";
import { aclFromHeaders, aclShape, isPublicAcl, OWNER_ID, ownersAcl } from "./acl-document.ts";
import { objectOwnership } from "./ownership.ts";
import { effectiveBlock } from "./public-access-block.ts";
import { getDocument, readBody, type SettingCall, type SettingHandlers } from "./setting.ts";
import { readDocument } from "./shape.ts";
import { childOf, textOf, writeTree } from "./xml-tree.ts";

const root = "AccessControlPolicy";

export const aclHandlers: SettingHandlers = {
  GetBucketAcl: getDocument("acl", ownersAcl),
  PutBucketAcl: async (call) => {
    const { context, store } = call;
    if ((await objectOwnership(store, context.bucket)) === "BucketOwnerEnforced") {
      throw s3Error("AccessControlListNotSupported");
    }
    const acl = await askedAcl(call);
    if (isPublicAcl(acl) && (await effectiveBlock(store, context.bucket)).BlockPublicAcls)
      throw s3Error("AccessDenied");
    await store.write(context.bucket, { acl: writeTree(acl) });
    return { status: 200 };
  },
};

/** Headers or document, and S3 wants exactly one of them. */
async function askedAcl(call: SettingCall): Promise<XmlElement> {
  const fromHeaders = aclFromHeaders(call.context.request.headers);
  if (fromHeaders !== undefined) {
    if ((await readBody(call, { digest: "optional", empty: "allowed" })) !== "") throw s3Error("UnexpectedContent");
    return fromHeaders;
  }
  const acl = readDocument(await readBody(call), root, aclShape, "MalformedACLError");
  const owner = childOf(acl, "Owner");
  if (owner === undefined || textOf(owner, "ID") !== OWNER_ID) throw s3Error("AccessDenied");
  return acl;
}
