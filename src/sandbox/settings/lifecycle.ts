/** Lifecycle rules. Kept and shown: nothing in the sandbox expires. */
import { createHash } from "node:crypto";
import { s3Error } from "../s3-error.ts";
import { childrenOf, malformed, type XmlElement } from "../xml.ts";
import {
  deleteDocument,
  getDocument,
  putDocument,
  type SettingCall,
  type SettingHandler,
  type SettingHandlers,
} from "./setting.ts";
import { boolean, group, integer, many, oneOf, optional, required, shortText, text } from "./shape.ts";
import { childOf, element, textOf, writeTree } from "./xml-tree.ts";

const name = "lifecycle";
const minimumSizeHeader = "x-amz-transition-default-minimum-object-size";
const minimumSizes = ["all_storage_classes_128K", "varies_by_storage_class"] as const;

const tag = group({ Key: required(shortText(128)), Value: required(text()) });
const storageClass = oneOf("GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR");
const conditions = {
  Prefix: optional(text()),
  ObjectSizeGreaterThan: optional(integer),
  ObjectSizeLessThan: optional(integer),
};
const actions = {
  Expiration: optional(
    group({ Date: optional(text()), Days: optional(integer), ExpiredObjectDeleteMarker: optional(boolean) }),
  ),
  NoncurrentVersionExpiration: optional(
    group({ NoncurrentDays: required(integer), NewerNoncurrentVersions: optional(integer) }),
  ),
  Transition: many(group({ Date: optional(text()), Days: optional(integer), StorageClass: required(storageClass) })),
  NoncurrentVersionTransition: many(
    group({
      NoncurrentDays: required(integer),
      NewerNoncurrentVersions: optional(integer),
      StorageClass: required(storageClass),
    }),
  ),
  AbortIncompleteMultipartUpload: optional(group({ DaysAfterInitiation: required(integer) })),
};

const shape = group({
  Rule: many(
    group({
      ID: optional(text(/^.{0,255}$/su)),
      Status: required(oneOf("Enabled", "Disabled")),
      Prefix: optional(text()),
      Filter: optional(
        group({ ...conditions, Tag: optional(tag), And: optional(group({ ...conditions, Tag: many(tag) })) }),
      ),
      ...actions,
    }),
    { min: 1, max: 1000 },
  ),
});

/** Counts that S3 wants to be one or more, with the element that holds them. */
const positiveCounts = [
  ["Expiration", "Days"],
  ["NoncurrentVersionExpiration", "NoncurrentDays"],
  ["AbortIncompleteMultipartUpload", "DaysAfterInitiation"],
] as const;

export const lifecycleHandlers: SettingHandlers = {
  GetBucketLifecycleConfiguration: withMinimumSize(getDocument(name, "NoSuchLifecycleConfiguration")),
  PutBucketLifecycleConfiguration: async (call) => {
    const asked = call.context.request.headers[minimumSizeHeader] ?? minimumSizes[0];
    if (!(minimumSizes as readonly string[]).includes(asked)) {
      throw s3Error("InvalidRequest", {}, { message: "Invalid TransitionDefaultMinimumObjectSize found" });
    }
    const answer = await putRules(call);
    await call.store.write(call.context.bucket, { lifecycleMinimumSize: asked });
    return { ...answer, headers: { [minimumSizeHeader]: asked } };
  },
  DeleteBucketLifecycle: deleteDocument(name),
};

const putRules = putDocument({ name, root: "LifecycleConfiguration", shape, accept });

function withMinimumSize(handler: SettingHandler): SettingHandler {
  return async (call: SettingCall) => {
    const answer = await handler(call);
    const minimumSize = (await call.store.read(call.context.bucket, "lifecycleMinimumSize")) ?? minimumSizes[0];
    return { ...answer, headers: { ...answer.headers, [minimumSizeHeader]: minimumSize } };
  };
}

function accept(document: XmlElement): XmlElement {
  const rules = childrenOf(document, "Rule").map(withId);
  for (const rule of rules) checkRule(rule);
  const ids = rules.map((rule) => textOf(rule, "ID"));
  if (new Set(ids).size < ids.length) throw refused("Rule ID must be unique. Found same ID for more than one rule");
  return { ...document, children: rules };
}

/** S3 names a rule that has no name; here the name is made from its content, so that a repeated PUT changes nothing. */
function withId(rule: XmlElement): XmlElement {
  if ((textOf(rule, "ID") ?? "") !== "") return rule;
  const id = createHash("sha256").update(writeTree(rule)).digest("hex").slice(0, 48);
  return { ...rule, children: [element("ID", id), ...rule.children.filter((child) => child.name !== "ID")] };
}

function checkRule(rule: XmlElement): void {
  const filter = childOf(rule, "Filter");
  const scopes = rule.children.filter((child) => child.name === "Filter" || child.name === "Prefix");
  if (scopes.length !== 1 || (filter?.children.length ?? 0) > 1) throw malformed();
  if (!rule.children.some((child) => Object.hasOwn(actions, child.name))) {
    throw s3Error("InvalidRequest", {}, { message: "At least one action needs to be specified in a rule" });
  }
  checkExpiration(childOf(rule, "Expiration"));
  for (const [action, member] of positiveCounts) {
    const element = childOf(rule, action);
    const count = element === undefined ? undefined : textOf(element, member);
    if (count !== undefined && Number(count) < 1) {
      throw refused(`'${member}' for ${action} action must be a positive integer`);
    }
  }
  if (childOf(rule, "AbortIncompleteMultipartUpload") !== undefined) checkAbortScope(filter);
}

function checkExpiration(expiration: XmlElement | undefined): void {
  if (expiration === undefined) return;
  if (expiration.children.length !== 1) throw malformed();
  const date = textOf(expiration, "Date");
  if (date === undefined) return;
  const time = Date.parse(date);
  if (Number.isNaN(time)) throw malformed();
  if (time % (24 * 3600 * 1000) !== 0) throw refused("'Date' must be at midnight GMT");
}

/** An upload that is not finished has neither tags nor a size. */
function checkAbortScope(filter: XmlElement | undefined): void {
  const asked = [...(filter?.children ?? []), ...(filter?.children.flatMap(({ children }) => children) ?? [])];
  const tagged = asked.some((condition) => condition.name === "Tag");
  const sized = asked.some((condition) => condition.name.startsWith("ObjectSize"));
  if (!tagged && !sized) return;
  const what = tagged ? "Tags" : "Object Size";
  throw s3Error("InvalidRequest", {}, { message: `AbortIncompleteMultipartUpload cannot be specified with ${what}.` });
}

function refused(message: string): Error {
  return s3Error("InvalidArgument", {}, { message });
}
