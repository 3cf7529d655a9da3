/** Object ownership: whether ACLs mean anything. */
import { s3Error } from "../s3-error.ts";
import { parseXml, type XmlElement } from "../xml.ts";
import { hasForeignGrants } from "./acl-document.ts";
import { deleteDocument, getDocument, putDocument, type SettingHandlers } from "./setting.ts";
import { group, oneOf, required } from "./shape.ts";
import type { SettingsStore } from "./store.ts";
import { childOf, element, textOf } from "./xml-tree.ts";

const ownerships = ["BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"] as const;
export type ObjectOwnership = (typeof ownerships)[number];

const root = "OwnershipControls";

/** Since April 2023 a new bucket has ACLs switched off. */
export const ownershipOfNewBucket: ObjectOwnership = "BucketOwnerEnforced";

export const ownershipHandlers: SettingHandlers = {
  GetBucketOwnershipControls: getDocument(
    "ownership",
    "OwnershipControlsNotFoundError",
    ownershipDocument(ownershipOfNewBucket),
  ),
  PutBucketOwnershipControls: putDocument({
    name: "ownership",
    root,
    shape: group({ Rule: required(group({ ObjectOwnership: required(oneOf(...ownerships)) })) }),
    accept: async (document, { context, store }) => {
      const acl = await store.read(context.bucket, "acl");
      if (
        ownershipIn(document) === "BucketOwnerEnforced" &&
        typeof acl === "string" &&
        hasForeignGrants(parseXml(acl, "AccessControlPolicy"))
      ) {
        throw s3Error("InvalidBucketAclWithObjectOwnership");
      }
      return document;
    },
  }),
  DeleteBucketOwnershipControls: deleteDocument("ownership"),
};

/** Without controls it is as it was before they existed: whoever uploads an object owns it. */
export async function objectOwnership(store: SettingsStore, bucket: string): Promise<ObjectOwnership> {
  const stored = await store.read(bucket, "ownership");
  if (stored === undefined) return ownershipOfNewBucket;
  return stored === null ? "ObjectWriter" : ownershipIn(parseXml(stored, root));
}

export function ownershipDocument(ownership: ObjectOwnership): XmlElement {
  return element(root, element("Rule", element("ObjectOwnership", ownership)));
}

export function isOwnership(text: string): text is ObjectOwnership {
  return (ownerships as readonly string[]).includes(text);
}

function ownershipIn(document: XmlElement): ObjectOwnership {
  const rule = childOf(document, "Rule");
  const value = rule === undefined ? undefined : textOf(rule, "ObjectOwnership");
  return value !== undefined && isOwnership(value) ? value : ownershipOfNewBucket;
}
