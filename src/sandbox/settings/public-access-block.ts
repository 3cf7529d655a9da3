/** The four switches of S3 Block Public Access, for one bucket and for the whole account. */
import { ACCOUNT_ID, type S3Answer } from "../context.ts";
import { S3Error, s3Error } from "../s3-error.ts";
import { parseXml, type XmlElement } from "../xml.ts";
import {
  deleteDocument,
  getDocument,
  putDocument,
  readBody,
  type SettingCall,
  type SettingHandler,
  type SettingHandlers,
  xmlAnswer,
} from "./setting.ts";
import { boolean, group, isTrue, optional, readDocument } from "./shape.ts";
import type { SettingsStore } from "./store.ts";
import { element, textOf, writeTree } from "./xml-tree.ts";

const switches = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"] as const;
type Switch = (typeof switches)[number];

export type PublicAccessBlock = Readonly<Record<Switch, boolean>>;

const root = "PublicAccessBlockConfiguration";
const shape = group(Object.fromEntries(switches.map((name) => [name, optional(boolean)])));

/** S3 Control has a namespace of its own. */
const controlNamespace = "http://awss3control.amazonaws.com/doc/2018-08-20/";
const notSet = "NoSuchPublicAccessBlockConfiguration";

/** Since April 2023 every new bucket has all four; a new account has none. */
const ofNewBucket = documentOf(() => true);

export const publicAccessBlockHandlers: SettingHandlers = {
  GetPublicAccessBlock: getDocument("publicAccessBlock", notSet, ofNewBucket),
  PutPublicAccessBlock: putDocument({ name: "publicAccessBlock", root, shape, accept: allFour }),
  DeletePublicAccessBlock: deleteDocument("publicAccessBlock"),

  GetAccountPublicAccessBlock: forAccount(async ({ store }) => {
    const stored = await store.read(undefined, "publicAccessBlock");
    if (typeof stored !== "string") throw s3Error(notSet, { AccountId: ACCOUNT_ID });
    return xmlAnswer(stored);
  }),
  PutAccountPublicAccessBlock: forAccount(async (call) => {
    const document = allFour(readDocument(await readBody(call, { digest: "optional" }), root, shape));
    await call.store.write(undefined, { publicAccessBlock: writeTree(document, controlNamespace) });
    return { status: 201 };
  }),
  DeleteAccountPublicAccessBlock: forAccount(async ({ store }) => {
    await store.write(undefined, { publicAccessBlock: null });
    return { status: 204 };
  }),
};

/** The stricter of bucket and account, switch by switch, as S3 applies them. */
export async function effectiveBlock(store: SettingsStore, bucket: string): Promise<PublicAccessBlock> {
  const ofBucket = await store.read(bucket, "publicAccessBlock");
  const ofAccount = await store.read(undefined, "publicAccessBlock");
  const documents = [ofBucket === undefined ? ofNewBucket : parsed(ofBucket), parsed(ofAccount)];
  const isOn = (name: Switch) => documents.some((document) => document !== undefined && isTrue(textOf(document, name)));
  return Object.fromEntries(switches.map((name) => [name, isOn(name)])) as PublicAccessBlock;
}

function parsed(stored: string | null | undefined): XmlElement | undefined {
  return typeof stored === "string" ? parseXml(stored, root) : undefined;
}

/** S3 shows all four, whichever of them were sent; one that is missing is off. */
function allFour(document: XmlElement): XmlElement {
  if (document.children.length === 0) {
    throw s3Error("InvalidRequest", {}, { message: "Must specify at least one configuration." });
  }
  return documentOf((name) => isTrue(textOf(document, name)));
}

function documentOf(isOn: (name: Switch) => boolean): XmlElement {
  return element(root, ...switches.map((name) => element(name, String(isOn(name)))));
}

/** S3 Control wants to be told the account, and wraps its errors in another document than S3. */
function forAccount(handler: SettingHandler): SettingHandler {
  return async (call: SettingCall) => {
    try {
      if (call.context.request.headers["x-amz-account-id"] !== ACCOUNT_ID) throw s3Error("AccessDenied");
      return await handler(call);
    } catch (error) {
      if (error instanceof S3Error) return controlError(error);
      throw error;
    }
  };
}

function controlError({ status, code, message, details }: S3Error): S3Answer {
  const members = Object.entries(details).map(([name, value]) => element(name, value));
  const error = element("Error", element("Code", code), element("Message", message), ...members);
  return {
    status,
    headers: { "content-type": "application/xml" },
    body: writeTree(element("ErrorResponse", error), controlNamespace),
  };
}
