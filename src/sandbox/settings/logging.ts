/** Server access logging. Kept and shown: the sandbox delivers no logs. */
import { s3Error } from "../s3-error.ts";
import { getDocument, putDocument, type SettingHandlers } from "./setting.ts";
import { group, oneOf, optional, required, someText, text } from "./shape.ts";
import { childOf, element, textOf } from "./xml-tree.ts";

const root = "BucketLoggingStatus";

const shape = group({
  LoggingEnabled: optional(
    group({
      TargetBucket: required(someText),
      TargetPrefix: required(text()),
      TargetGrants: optional(() => undefined),
      TargetObjectKeyFormat: optional(
        group({
          SimplePrefix: optional(group({})),
          PartitionedPrefix: optional(group({ PartitionDateSource: optional(oneOf("EventTime", "DeliveryTime")) })),
        }),
      ),
    }),
  ),
});

export const loggingHandlers: SettingHandlers = {
  /** An empty status says that there is no logging; there is no "not found", and no delete either. */
  GetBucketLogging: getDocument("logging", element(root)),
  PutBucketLogging: putDocument({
    name: "logging",
    root,
    shape,
    accept: async (document, { bucketExists }) => {
      const enabled = childOf(document, "LoggingEnabled");
      const target = enabled === undefined ? undefined : textOf(enabled, "TargetBucket");
      if (target !== undefined && !(await bucketExists(target))) {
        throw s3Error("InvalidTargetBucketForLogging", { TargetBucket: target });
      }
      return document;
    },
  }),
};
