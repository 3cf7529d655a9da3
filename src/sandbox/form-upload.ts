/** The browser's way to upload: a form that somebody with keys has signed. Source: "POST Object" of the S3 API reference. */
import { equalInConstantTime, resolveAccessKey } from "./access-key.ts";
import type { AuthenticationContext, Caller } from "./caller.ts";
import { announcedChecksum, contentMd5 } from "./checksum-headers.ts";
import { faultOfCredential, malformedCredential, parseCredential } from "./credential.ts";
import { type FormFields, readFormFields } from "./form-fields.ts";
import { enforceFormPolicy, type FormPolicy, parseFormPolicy } from "./form-policy.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { type S3Error, s3Error } from "./s3-error.ts";
import { signatureDoesNotMatch } from "./signature-check.ts";
import { unsupportedMechanism } from "./signature-header.ts";
import { parseCompactTime } from "./signature-time.ts";
import { sign, signingKey } from "./signing-key.ts";
import type { BodyExpectations, VerifiedBody } from "./verified-body.ts";
import { VerifyingStream } from "./verifying-stream.ts";

// biome-ignore lint/suspicious/noTemplateCurlyInString: this is S3's own placeholder, not a template of ours
const FILE_NAME_PLACEHOLDER = "${filename}";

/** A browser's form, found to be what its policy allows; the file is still on its way. */
export interface FormUpload {
  readonly caller: Caller;
  /** `${filename}` already replaced. */
  readonly key: string;
  /** Every field before the file, but for those that only prove the signature; lower-case names. */
  readonly fields: ReadonlyMap<string, string>;
  /** The last segment of the name that the browser gave; empty when it gave none. */
  readonly fileName: string;
  /** Limited by `content-length-range`. */
  readonly file: VerifiedBody;
  /** What `success_action_status` asked for, else 204. */
  readonly successStatus: 200 | 201 | 204;
  readonly successRedirect: string | undefined;
}

/** Reads the form up to its file. @throws S3Error */
export async function receiveForm(
  request: ReceivedRequest,
  bucket: string,
  context: AuthenticationContext,
  expectations: Pick<BodyExpectations, "also" | "maxSize"> = {},
): Promise<FormUpload> {
  const form = await readFormFields(request);
  const { fields } = form;
  const fileName = lastSegment(form.fileName);
  const key = requiredField(fields, "key").replaceAll(FILE_NAME_PLACEHOLDER, () => fileName);
  if (key === "") throw invalidField("key", "User key must have a length greater than 0.");
  const { caller, policy } = authenticateForm(fields, context);
  const checked = new Map([...fields, ["key", key], ["bucket", bucket]]);
  if (policy !== undefined) enforceFormPolicy(policy, checked, context.now);
  return {
    caller,
    key,
    fields: new Map([...fields].filter(([name]) => !isProof(name))),
    fileName,
    file: verifiedFile(form, policy, expectations),
    successStatus: successStatus(fields.get("success_action_status")),
    successRedirect: redirect(fields.get("success_action_redirect") ?? fields.get("redirect")),
  };
}

interface AuthenticatedForm {
  readonly caller: Caller;
  readonly policy: FormPolicy | undefined;
}

/** A form without any of these is one that anybody sends to a bucket that anybody may write to. */
function authenticateForm(fields: ReadonlyMap<string, string>, context: AuthenticationContext): AuthenticatedForm {
  if (fields.has("awsaccesskeyid") || fields.has("signature")) throw unsupportedMechanism();
  if (![...fields.keys()].some(isProof)) {
    return { caller: { kind: "anonymous", payload: { kind: "unsigned" } }, policy: undefined };
  }
  const encodedPolicy = requiredField(fields, "policy");
  if (requiredField(fields, "x-amz-algorithm") !== "AWS4-HMAC-SHA256") {
    throw invalidField("x-amz-algorithm", 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  }
  const credential = parseCredential(requiredField(fields, "x-amz-credential"));
  const timestamp = requiredField(fields, "x-amz-date");
  const signedAt = parseCompactTime(timestamp);
  if (signedAt === undefined) {
    throw invalidField("x-amz-date", `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`);
  }
  const fault =
    credential === undefined ? malformedCredential : faultOfCredential(credential, context.region, timestamp);
  if (credential === undefined || fault !== undefined) {
    const message = `Error parsing the X-Amz-Credential parameter; ${fault?.reason}`;
    throw s3Error("AuthorizationQueryParametersError", fault?.details, { message });
  }
  const key = resolveAccessKey(credential.accessKeyId, fields.get("x-amz-security-token"), context);
  const signature = requiredField(fields, "x-amz-signature");
  if (!equalInConstantTime(sign(signingKey(key.secretAccessKey, credential.scope), encodedPolicy), signature)) {
    throw signatureDoesNotMatch({ accessKeyId: key.accessKeyId, stringToSign: encodedPolicy, signature });
  }
  return {
    caller: { kind: "signed", via: "form", key, payload: { kind: "unsigned" }, signedAt, signedHeaders: [] },
    policy: parseFormPolicy(encodedPolicy),
  };
}

function verifiedFile(
  form: FormFields,
  policy: FormPolicy | undefined,
  expectations: Pick<BodyExpectations, "also" | "maxSize">,
): VerifiedBody {
  const headers = Object.fromEntries(form.fields);
  const checksum = announcedChecksum(headers);
  const stream = new VerifyingStream(form.file, {
    decoder: undefined,
    sha256: undefined,
    md5: contentMd5(headers),
    checksum,
    also: expectations.also ?? [],
    size: {
      min: policy?.size.min ?? 0,
      max: Math.min(policy?.size.max ?? Number.POSITIVE_INFINITY, expectations.maxSize ?? Number.POSITIVE_INFINITY),
    },
    cutShort: form.failure,
    afterwards: () => form.afterFile,
  });
  return { stream, size: undefined, announced: checksum?.algorithm, facts: () => stream.facts() };
}

/** Browsers of old sent the whole path of the user's file. */
function lastSegment(fileName: string): string {
  return fileName.split(/[/\\]/).at(-1) ?? "";
}

/** Fields that are there for the signature's sake. */
function isProof(name: string): boolean {
  return ["policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"].includes(name);
}

function successStatus(asked: string | undefined): 200 | 201 | 204 {
  if (asked === "200") return 200;
  return asked === "201" ? 201 : 204;
}

/** S3 acts as if an address that it cannot read had not been sent. */
function redirect(asked: string | undefined): string | undefined {
  return asked !== undefined && /^https?:\/\//i.test(asked) && URL.canParse(asked) ? asked : undefined;
}

function requiredField(fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name);
  if (value !== undefined) return value;
  throw invalidField(
    name,
    `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
  );
}

function invalidField(name: string, message: string): S3Error {
  return s3Error("InvalidArgument", { ArgumentName: name }, { message });
}
