/** Browser forms, written out and signed by hand. */
import type { ReceivedRequest } from "../../src/sandbox/received-request.ts";
import { anIncomingRequest } from "./received-request.ts";
import { documented, hmacWith, type Signing } from "./signed-requests.ts";

const BOUNDARY = "----a-boundary";

// biome-ignore lint/suspicious/noTemplateCurlyInString: S3's placeholder, not a template
export const FILE_NAME = "${filename}";

export type FormPart =
  | readonly [name: string, value: string]
  | readonly [name: string, content: string | Uint8Array, fileName: string];

/** The body of a form; without `closed` it lacks the last boundary. */
export function formBody(parts: readonly FormPart[], closed = true): Buffer {
  const pieces = parts.flatMap(([name, content, fileName]) => [
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"`,
    fileName === undefined ? "\r\n\r\n" : `; filename="${fileName}"\r\nContent-Type: text/plain\r\n\r\n`,
    content,
    "\r\n",
  ]);
  return Buffer.concat([...pieces, closed ? `--${BOUNDARY}--\r\n` : ""].map((piece) => Buffer.from(piece)));
}

export function formRequest(
  body: Uint8Array | readonly Uint8Array[],
  headers: Readonly<Record<string, string>> = {},
): ReceivedRequest {
  const pieces = body instanceof Uint8Array ? [body] : body;
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return anIncomingRequest(
    "POST /drop",
    { "content-type": `multipart/form-data; boundary=${BOUNDARY}`, "content-length": `${length}`, ...headers },
    pieces,
  );
}

export interface FormToSign {
  readonly fields?: Readonly<Record<string, string>>;
  /** Beside those for the fields, the bucket and the signature's own members. */
  readonly conditions?: readonly unknown[];
  readonly expiration?: string;
  readonly signing?: Signing;
}

/** The fields of a good form for the bucket `drop` and the key `a`, each under a condition of its own. */
export function signedFields(form: FormToSign = {}): Record<string, string> {
  const {
    accessKeyId = documented.accessKeyId,
    secret = documented.secretAccessKey,
    scope = documented.scope,
  } = form.signing ?? {};
  const fields = {
    key: "a",
    ...form.fields,
    "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": `${accessKeyId}/${scope}`,
    "x-amz-date": form.signing?.time ?? documented.time,
  };
  const covered = (form.conditions ?? []).map((condition) =>
    Array.isArray(condition) ? `${condition[1]}`.slice(1) : "",
  );
  const exact = Object.entries(fields)
    .filter(([name]) => !covered.includes(name))
    .map(([name, value]) => ({ [name]: value }));
  return withPolicy(
    fields,
    {
      expiration: form.expiration ?? "2013-05-24T01:00:00.000Z",
      conditions: [{ bucket: "drop" }, ...exact, ...(form.conditions ?? [])],
    },
    secret,
    scope,
  );
}

/** Signs whatever is given as the policy. */
export function withPolicy(
  fields: Readonly<Record<string, string>>,
  policy: unknown,
  secret: string = documented.secretAccessKey,
  scope: string = documented.scope,
): Record<string, string> {
  const encoded = Buffer.from(typeof policy === "string" ? policy : JSON.stringify(policy)).toString("base64");
  return { ...fields, policy: encoded, "x-amz-signature": hmacWith(secret, scope, encoded) };
}

/** A whole form with one file. */
export function signedForm(form: FormToSign = {}, file: FormPart = ["file", "content", "photo.png"]): ReceivedRequest {
  return formRequest(formBody([...Object.entries(signedFields(form)), file]));
}
