/** The CORS configuration as a setting; what it does to requests is `../cors.ts`. */
import { s3Error } from "../s3-error.ts";
import { childrenOf, parseXml, type XmlElement } from "../xml.ts";
import { deleteDocument, getDocument, putDocument, type SettingHandlers } from "./setting.ts";
import { group, integer, many, optional, shortText, someText, text } from "./shape.ts";
import type { SettingsStore } from "./store.ts";
import { textOf, textsOf } from "./xml-tree.ts";

export interface CorsRule {
  /** Each with at most one `*`, which stands for any characters. */
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  /** As `allowedOrigins`, compared without regard to case. */
  readonly allowedHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds: number | undefined;
}

const name = "cors";
const root = "CORSConfiguration";
const methods = ["GET", "PUT", "HEAD", "POST", "DELETE"];

const shape = group({
  CORSRule: many(
    group({
      ID: optional(shortText(255)),
      AllowedOrigin: many(someText, { min: 1 }),
      AllowedMethod: many(text(), { min: 1 }),
      AllowedHeader: many(someText),
      ExposeHeader: many(someText),
      MaxAgeSeconds: optional(integer),
    }),
    { min: 1, max: 100 },
  ),
});

export const corsHandlers: SettingHandlers = {
  GetBucketCors: getDocument(name, "NoSuchCORSConfiguration"),
  PutBucketCors: putDocument({ name, root, shape, accept }),
  DeleteBucketCors: deleteDocument(name),
};

/** Undefined when the bucket has no CORS configuration. */
export async function readCorsRules(store: SettingsStore, bucket: string): Promise<readonly CorsRule[] | undefined> {
  const stored = await store.read(bucket, name);
  if (typeof stored !== "string") return undefined;
  return childrenOf(parseXml(stored, root), "CORSRule").map(readRule);
}

function readRule(rule: XmlElement): CorsRule {
  const maxAge = textOf(rule, "MaxAgeSeconds");
  return {
    allowedOrigins: textsOf(rule, "AllowedOrigin"),
    allowedMethods: textsOf(rule, "AllowedMethod"),
    allowedHeaders: textsOf(rule, "AllowedHeader"),
    exposeHeaders: textsOf(rule, "ExposeHeader"),
    maxAgeSeconds: maxAge === undefined ? undefined : Number(maxAge),
  };
}

function accept(document: XmlElement): XmlElement {
  for (const rule of childrenOf(document, "CORSRule")) {
    const unknown = textsOf(rule, "AllowedMethod").find((method) => !methods.includes(method));
    if (unknown !== undefined) {
      throw refused(`Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`);
    }
    refuseTwoWildcards(rule, "AllowedOrigin");
    refuseTwoWildcards(rule, "AllowedHeader");
    const wild = textsOf(rule, "ExposeHeader").find((header) => header.includes("*"));
    if (wild !== undefined) {
      throw refused(`ExposeHeader "${wild}" contains wildcard. We currently do not support wildcard for ExposeHeader.`);
    }
  }
  return document;
}

function refuseTwoWildcards(rule: XmlElement, member: "AllowedOrigin" | "AllowedHeader"): void {
  const wild = textsOf(rule, member).find((pattern) => pattern.split("*").length > 2);
  if (wild !== undefined) throw refused(`${member} "${wild}" can not have more than one wildcard.`);
}

function refused(message: string): Error {
  return s3Error("InvalidRequest", {}, { message });
}
