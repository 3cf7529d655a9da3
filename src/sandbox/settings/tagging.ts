/** The tags of a bucket. */
import { s3Error } from "../s3-error.ts";
import { childrenOf, type XmlElement } from "../xml.ts";
import { deleteDocument, getDocument, putDocument, type SettingHandlers } from "./setting.ts";
import { group, many, required, text } from "./shape.ts";
import { childOf, textOf } from "./xml-tree.ts";

const maxTags = 50;
const maxKeyLength = 128;
const maxValueLength = 256;

/** Letters and digits of any script, white space, and the few signs that the S3 API allows in a tag. */
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const shape = group({
  TagSet: required(group({ Tag: many(group({ Key: required(text()), Value: required(text()) })) })),
});

export const taggingHandlers: SettingHandlers = {
  GetBucketTagging: getDocument("tagging", "NoSuchTagSet"),
  PutBucketTagging: putDocument({ name: "tagging", root: "Tagging", shape, accept }, 204),
  DeleteBucketTagging: deleteDocument("tagging"),
};

function accept(document: XmlElement): XmlElement {
  const set = childOf(document, "TagSet");
  const tags = set === undefined ? [] : childrenOf(set, "Tag");
  if (tags.length > maxTags) throw s3Error("BadRequest", {}, { message: "Bucket tag count cannot be greater than 50" });
  const keys = tags.map((tag) => textOf(tag, "Key") ?? "");
  for (const tag of tags) checkTag(textOf(tag, "Key") ?? "", textOf(tag, "Value") ?? "");
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw refused("Cannot provide multiple Tags with the same key", { TagKey: twice });
  return document;
}

function checkTag(key: string, value: string): void {
  if (key.startsWith("aws:")) throw refused("System tags cannot be added/updated by requester", { TagKey: key });
  if (key === "" || [...key].length > maxKeyLength || !tagText.test(key)) {
    throw refused("The TagKey you have provided is invalid", { TagKey: key });
  }
  if ([...value].length > maxValueLength || !tagText.test(value)) {
    throw refused("The TagValue you have provided is invalid", { TagKey: key, TagValue: value });
  }
}

function refused(message: string, details: Readonly<Record<string, string>>): Error {
  return s3Error("InvalidTag", details, { message });
}
