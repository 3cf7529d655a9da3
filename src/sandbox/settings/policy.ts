/** The bucket policy. Kept, shown and judged public or not; no request is allowed or refused by it. */
import { ACCOUNT_ID } from "../context.ts";
import { isPublicPolicy } from "../policy-status.ts";
import { s3Error } from "../s3-error.ts";
import { checkPolicy } from "./policy-grammar.ts";
import { effectiveBlock } from "./public-access-block.ts";
import { deleteDocument, readBody, type SettingCall, type SettingHandlers, xmlAnswer } from "./setting.ts";
import { element, writeTree } from "./xml-tree.ts";

export const policyHandlers: SettingHandlers = {
  GetBucketPolicy: async (call) => ({
    status: 200,
    headers: { "content-type": "application/json" },
    body: await storedPolicy(call),
  }),
  PutBucketPolicy: async (call) => {
    const { bucket } = call.context;
    const policy = await readBody(call);
    checkPolicy(policy, bucket);
    const { BlockPublicPolicy } = await effectiveBlock(call.store, bucket);
    if (BlockPublicPolicy && isPublicPolicy(policy)) throw s3Error("AccessDenied", {}, { message: blocked(bucket) });
    await call.store.write(bucket, { policy });
    return { status: 204 };
  },
  DeleteBucketPolicy: deleteDocument("policy"),
  GetBucketPolicyStatus: async (call) => {
    const isPublic = isPublicPolicy(await storedPolicy(call));
    return xmlAnswer(writeTree(element("PolicyStatus", element("IsPublic", String(isPublic)))));
  },
};

async function storedPolicy({ context, store }: SettingCall): Promise<string> {
  const policy = await store.read(context.bucket, "policy");
  if (typeof policy !== "string") throw s3Error("NoSuchBucketPolicy", { BucketName: context.bucket });
  return policy;
}

function blocked(bucket: string): string {
  const who = `User: arn:aws:iam::${ACCOUNT_ID}:root is not authorized to perform: s3:PutBucketPolicy`;
  const why = "because public policies are blocked by the BlockPublicPolicy block public access setting.";
  return `${who} on resource: "arn:aws:s3:::${bucket}" ${why}`;
}
