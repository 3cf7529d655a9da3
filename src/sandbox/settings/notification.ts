/** Event notifications. Kept and shown: the sandbox has no queue, topic or function that it could tell. */
import { getDocument, readBody, type SettingHandlers } from "./setting.ts";
import { group, many, oneOf, optional, readDocument, required, someText, text } from "./shape.ts";
import { element, writeTree } from "./xml-tree.ts";

const root = "NotificationConfiguration";

const filter = group({
  S3Key: optional(
    group({
      FilterRule: many(
        group({ Name: required(oneOf("prefix", "suffix", "Prefix", "Suffix")), Value: required(text()) }),
      ),
    }),
  ),
});

/** `CloudFunction` is what the API calls a Lambda function in XML; the SDKs say LambdaFunctionArn. */
function target(destination: "Topic" | "Queue" | "CloudFunction") {
  return group({
    Id: optional(someText),
    [destination]: required(text(/^arn:[a-z-]+:[a-z]+:\S+$/)),
    Event: many(text(/^s3:[A-Za-z]+(:[A-Za-z*]+)?$/), { min: 1 }),
    Filter: optional(filter),
  });
}

const shape = group({
  TopicConfiguration: many(target("Topic")),
  QueueConfiguration: many(target("Queue")),
  CloudFunctionConfiguration: many(target("CloudFunction")),
  EventBridgeConfiguration: optional(group({})),
});

export const notificationHandlers: SettingHandlers = {
  /** An empty configuration says that there is none; there is no "not found", and no delete either. */
  GetBucketNotificationConfiguration: getDocument("notification", element(root)),
  PutBucketNotificationConfiguration: async (call) => {
    // one of the few settings that S3 takes without a digest
    const document = readDocument(await readBody(call, { digest: "optional" }), root, shape);
    await call.store.write(call.context.bucket, { notification: writeTree(document) });
    return { status: 200 };
  },
};
