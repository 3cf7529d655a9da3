/** Says what a signed URL, form or upload manifest allows, offline and without a key. */
import { type FormPolicy, formDefects, readFormPolicy } from "./form-policy.ts";
import { expiryOf, queryMember, readSignedUrl, type SignedUrl, withoutQuery } from "./signed-url.ts";
import { type Defect, type Method, urlDefects } from "./url-defects.ts";

interface Common {
  /** Where it stands in the document, such as `parts[0]`; empty for a URL of its own. */
  readonly place: string;
  /** Address without query. */
  readonly target: string;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly expiresAt: Date | undefined;
  /** Negative when it has expired. */
  readonly leftSeconds: number | undefined;
  readonly defects: readonly Defect[];
}

export interface UrlExplanation extends Common {
  readonly kind: "url";
  readonly method: Method | undefined;
  /** Who told the method: the user or the document, or signs in the URL. */
  readonly methodSource: "told" | "guessed" | "unknown";
  readonly signatureVersion: 2 | 4 | undefined;
  readonly region: string | undefined;
  readonly accessKeyId: string | undefined;
  readonly temporaryCredentials: boolean;
  readonly signedAt: Date | undefined;
  readonly expiresInSeconds: number | undefined;
  /** What the sender must send, host aside. The value is known only where a document gives it. */
  readonly mustSend: readonly { readonly name: string; readonly value: string | undefined }[];
}

export interface FormExplanation extends Common {
  readonly kind: "form";
  readonly keyRule: "exact" | "starts-with" | undefined;
  readonly sizes: FormPolicy["sizes"];
  /** Names of the fields to send before the file. */
  readonly fields: readonly string[];
}

export type Explanation = UrlExplanation | FormExplanation;

export interface KnownRequest {
  readonly method?: Method | undefined;
  /** Header values that the signer gave beside the URL. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentLength?: number | undefined;
}

/** @returns undefined when the text is no http or https URL */
export function explainUrl(text: string, now: Date, known: KnownRequest = {}, place = ""): UrlExplanation | undefined {
  const url = readSignedUrl(text);
  if (url === undefined) return undefined;
  const guessed = guessMethod(url);
  const method = known.method ?? guessed;
  const v4 = url.signature.version === 4 ? url.signature : undefined;
  return {
    kind: "url",
    place,
    target: withoutQuery(url),
    bucket: url.bucket,
    key: url.key === "" ? undefined : url.key,
    method,
    methodSource: known.method !== undefined ? "told" : guessed !== undefined ? "guessed" : "unknown",
    signatureVersion: url.signature.version,
    region: v4?.region,
    accessKeyId: v4?.accessKeyId,
    temporaryCredentials: v4?.temporary ?? false,
    signedAt: v4?.signedAt,
    expiresInSeconds: v4?.expiresInSeconds,
    ...lifeOf(expiryOf(url.signature), now),
    mustSend: (v4?.signedHeaders ?? [])
      .filter((name) => name !== "host")
      .map((name) => ({ name, value: knownValue(name, known) })),
    defects: urlDefects(url, method, now),
  };
}

export function explainForm(
  action: string,
  fields: Readonly<Record<string, string>>,
  now: Date,
  place = "",
): FormExplanation {
  const policy = readFormPolicy(fieldOf(fields, "policy") ?? "");
  return {
    kind: "form",
    place,
    target: action.replace(/[?#].*$/s, ""),
    bucket: policy?.bucket,
    key: policy?.key?.value ?? fieldOf(fields, "key"),
    keyRule: policy?.key?.rule,
    sizes: policy?.sizes,
    fields: Object.keys(fields),
    ...lifeOf(policy?.expiresAt, now),
    defects: formDefects(policy, { action, key: fieldOf(fields, "key") }, now),
  };
}

/** Every signed URL and form in a JSON document: a presign answer, an upload manifest, `s3up presign --json`. */
export function explainDocument(document: unknown, now: Date, place = ""): readonly Explanation[] {
  if (Array.isArray(document)) {
    return document.flatMap((entry, index) => explainDocument(entry, now, `${place}[${index}]`));
  }
  if (!isObject(document)) return [];
  const own = explainEntry(document, now, place);
  const inner = Object.entries(document).flatMap(([name, value]) =>
    explainDocument(value, now, place === "" ? name : `${place}.${name}`),
  );
  return own === undefined ? inner : [own, ...inner];
}

function explainEntry(entry: Readonly<Record<string, unknown>>, now: Date, place: string): Explanation | undefined {
  const address = entry.uploadUrl ?? entry.url;
  if (typeof address !== "string") return undefined;
  if (isTextRecord(entry.fields)) return explainForm(address, entry.fields, now, place);
  return explainUrl(
    address,
    now,
    {
      method: readMethod(entry.method),
      headers: isTextRecord(entry.headers) ? entry.headers : {},
      contentLength: typeof entry.contentLength === "number" ? entry.contentLength : undefined,
    },
    place,
  );
}

const methodOfId: Readonly<Record<string, Method>> = {
  GetObject: "GET",
  HeadObject: "HEAD",
  PutObject: "PUT",
  UploadPart: "PUT",
  DeleteObject: "DELETE",
  AbortMultipartUpload: "DELETE",
  CompleteMultipartUpload: "POST",
  ListParts: "GET",
};

/** SDKs name the operation in `x-id`; else a part, a signed header of a body or a response override gives it away. */
function guessMethod(url: SignedUrl): Method | undefined {
  const named = methodOfId[queryMember(url.query, "x-id") ?? ""];
  if (named !== undefined) return named;
  if (url.query.has("uploadId") && url.query.has("partNumber")) return "PUT";
  const signed = url.signature.version === 4 ? url.signature.signedHeaders : [];
  if (signed.includes("x-amz-mp-object-size")) return "POST";
  if (url.query.has("uploadId")) return undefined;

  const names = [...url.query.keys()].map((name) => name.toLowerCase());
  if (names.some((name) => name.startsWith("response-") || name === "x-amz-checksum-mode")) return "GET";
  const bodyHeader =
    /^(content-(length|type|md5)|if-none-match|x-amz-(checksum|sdk-checksum|meta-|tagging|storage-class|acl))/;
  return [...signed, ...names].some((name) => bodyHeader.test(name)) ? "PUT" : undefined;
}

export function readMethod(value: unknown): Method | undefined {
  const methods: readonly Method[] = ["GET", "HEAD", "PUT", "POST", "DELETE"];
  return methods.find((method) => method === String(value).toUpperCase());
}

function lifeOf(expiresAt: Date | undefined, now: Date): Pick<Common, "expiresAt" | "leftSeconds"> {
  const left = expiresAt === undefined ? undefined : Math.floor((expiresAt.getTime() - now.getTime()) / 1000);
  return { expiresAt, leftSeconds: left };
}

function knownValue(name: string, known: KnownRequest): string | undefined {
  if (name === "content-length" && known.contentLength !== undefined) return String(known.contentLength);
  return fieldOf(known.headers ?? {}, name);
}

function fieldOf(fields: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(fields).find(([candidate]) => candidate.toLowerCase() === name)?.[1];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isTextRecord(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && !Array.isArray(value) && Object.values(value).every((entry) => typeof entry === "string");
}
