/** What every group of settings is made of: handlers by operation, and the plain get, put and delete of a document. */
import type { RequestContext, S3Answer } from "../context.ts";
import type { SettingsOperation } from "../operation.ts";
import { type S3ErrorCode, s3Error } from "../s3-error.ts";
import type { XmlElement } from "../xml.ts";
import { readDocument, type Shape } from "./shape.ts";
import type { SettingName, SettingsStore } from "./store.ts";
import { writeTree } from "./xml-tree.ts";

export interface SettingCall {
  readonly context: RequestContext;
  readonly store: SettingsStore;
  readonly bucketExists: (bucket: string) => Promise<boolean>;
}

export type SettingHandler = (call: SettingCall) => Promise<S3Answer>;
export type SettingHandlers = Partial<Record<SettingsOperation, SettingHandler>>;

/** More than any document within S3's limits needs, a thousand lifecycle rules included. */
const maxDocumentBytes = 2 * 1024 ** 2;

export interface DocumentKind {
  readonly name: SettingName;
  readonly root: string;
  readonly shape: Shape;
  /** Rules that go beyond the schema. Gives the document as it is to be kept. */
  readonly accept?: (document: XmlElement, call: SettingCall) => XmlElement | Promise<XmlElement>;
}

interface BodyRules {
  /** Optional where the model of the API does not ask for one. */
  readonly digest?: "required" | "optional";
  readonly empty?: "refused" | "allowed";
}

export async function readBody({ context }: SettingCall, rules: BodyRules = {}): Promise<string> {
  if (rules.digest !== "optional") requireIntegrity(context.request.headers);
  const text = await context.readText(maxDocumentBytes);
  if (text === "" && rules.empty !== "allowed") throw s3Error("MissingRequestBodyError");
  return text;
}

export function putDocument(kind: DocumentKind, status: 200 | 204 = 200): SettingHandler {
  return async (call) => {
    const document = readDocument(await readBody(call), kind.root, kind.shape);
    const accepted = (await kind.accept?.(document, call)) ?? document;
    await call.store.write(call.context.bucket, { [kind.name]: writeTree(accepted) });
    return { status };
  };
}

/** S3's "not configured", or the document that S3 shows in its place. */
type Absence = S3ErrorCode | XmlElement;

/** `whenNew`: what a bucket shows on which this was never set; as after a delete when it is left out. */
export function getDocument(name: SettingName, whenDeleted: Absence, whenNew = whenDeleted): SettingHandler {
  return async ({ context, store }) => {
    const stored = await store.read(context.bucket, name);
    if (typeof stored === "string") return xmlAnswer(stored);
    const absence = stored === null ? whenDeleted : whenNew;
    if (typeof absence === "string") throw s3Error(absence, { BucketName: context.bucket });
    return xmlAnswer(writeTree(absence));
  };
}

export function deleteDocument(name: SettingName): SettingHandler {
  return async ({ context, store }) => {
    await store.write(context.bucket, { [name]: null });
    return { status: 204 };
  };
}

export function xmlAnswer(body: string, headers: Readonly<Record<string, string>> = {}): S3Answer {
  return { status: 200, headers: { "content-type": "application/xml", ...headers }, body };
}

/**
 * S3 takes a new setting only with a digest of it (`httpChecksumRequired` in the model of the API). Whether the digest
 * is right has been checked by the one who reads the body.
 */
function requireIntegrity(headers: Readonly<Record<string, string>>): void {
  const names = Object.keys(headers);
  const hasDigest = names.some((name) => name === "content-md5" || /^x-amz-checksum-(?!type$)/.test(name));
  if (hasDigest || headers["x-amz-trailer"]?.startsWith("x-amz-checksum-")) return;
  throw s3Error(
    "InvalidRequest",
    {},
    { message: "Missing required header for this request: Content-MD5 OR x-amz-checksum-*" },
  );
}
