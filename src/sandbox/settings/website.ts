/** Website configuration. Kept and shown: the sandbox has no website endpoint. */
import { s3Error } from "../s3-error.ts";
import type { XmlElement } from "../xml.ts";
import { deleteDocument, getDocument, putDocument, type SettingHandlers } from "./setting.ts";
import { group, many, oneOf, optional, required, someText, text } from "./shape.ts";
import { childOf, textOf } from "./xml-tree.ts";

const protocol = oneOf("http", "https");

const routingRule = group({
  Condition: optional(
    group({ HttpErrorCodeReturnedEquals: optional(text(/^[45]\d\d$/)), KeyPrefixEquals: optional(someText) }),
  ),
  Redirect: required(
    group({
      HostName: optional(someText),
      HttpRedirectCode: optional(text(/^3\d\d$/)),
      Protocol: optional(protocol),
      ReplaceKeyPrefixWith: optional(text()),
      ReplaceKeyWith: optional(text()),
    }),
  ),
});

const shape = group({
  IndexDocument: optional(group({ Suffix: required(text()) })),
  ErrorDocument: optional(group({ Key: required(someText) })),
  RedirectAllRequestsTo: optional(group({ HostName: required(someText), Protocol: optional(protocol) })),
  RoutingRules: optional(group({ RoutingRule: many(routingRule, { min: 1, max: 50 }) })),
});

export const websiteHandlers: SettingHandlers = {
  GetBucketWebsite: getDocument("website", "NoSuchWebsiteConfiguration"),
  PutBucketWebsite: putDocument({ name: "website", root: "WebsiteConfiguration", shape, accept }),
  DeleteBucketWebsite: deleteDocument("website"),
};

function accept(document: XmlElement): XmlElement {
  const redirectsAll = childOf(document, "RedirectAllRequestsTo") !== undefined;
  if (redirectsAll && document.children.length > 1) {
    throw refused("RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.");
  }
  const index = childOf(document, "IndexDocument");
  if (index === undefined && !redirectsAll) {
    throw refused("A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty");
  }
  const suffix = index === undefined ? undefined : textOf(index, "Suffix");
  if (suffix === "" || suffix?.includes("/")) throw refused("The IndexDocument Suffix is not well formed");
  return document;
}

function refused(message: string): Error {
  return s3Error("InvalidArgument", { ArgumentName: "IndexDocument" }, { message });
}
