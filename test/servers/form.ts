/** Browser forms (POST Object): the policy, its signature and the multipart/form-data body, by hand. */
import { amzDate, type Identity, type Scope, scopeText, signText } from "./sigv4.ts";

export type Condition =
  | Readonly<Record<string, string>>
  | readonly ["starts-with" | "eq", string, string]
  | readonly ["content-length-range", number, number];

export interface FormPolicy {
  readonly expiresAt: Date;
  readonly conditions: readonly Condition[];
}

export type Field = readonly [name: string, value: string];

const signingConditions = (who: Identity, scope: Scope): readonly Field[] => [
  ["x-amz-algorithm", "AWS4-HMAC-SHA256"],
  ["x-amz-credential", `${who.accessKeyId}/${scopeText(scope)}`],
  ["x-amz-date", amzDate(scope.at)],
];

/** The fields that make a form a signed one. */
export function signForm({ expiresAt, conditions }: FormPolicy, who: Identity, scope: Scope): readonly Field[] {
  const signing = signingConditions(who, scope);
  const all = [...conditions, ...signing.map(([name, value]) => ({ [name]: value }))];
  const policy = JSON.stringify({ expiration: expiresAt.toISOString(), conditions: all });
  return [...signing, ...signPolicyText(policy, who, scope)];
}

/** For policies that are no policies. */
export function signPolicyText(text: string, who: Identity, scope: Scope): readonly Field[] {
  const policy = Buffer.from(text).toString("base64");
  return [
    ["policy", policy],
    ["x-amz-signature", signText(policy, who, scope)],
  ];
}

export interface FormFile {
  readonly name: string;
  readonly type?: string;
  readonly data: Buffer | string;
}

export interface FormBody {
  readonly contentType: string;
  readonly body: Buffer;
}

const boundary = "----s3up-probe-form-boundary";

export function encodeForm(fields: readonly Field[], file: FormFile | undefined): FormBody {
  const parts = fields.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const tail =
    file === undefined
      ? []
      : [
          Buffer.from(
            `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${file.name}"\r\n` +
              `Content-Type: ${file.type ?? "application/octet-stream"}\r\n\r\n`,
          ),
          Buffer.from(file.data),
          Buffer.from("\r\n"),
        ];
  const body = Buffer.concat([Buffer.from(parts.join("")), ...tail, Buffer.from(`--${boundary}--\r\n`)]);
  return { contentType: `multipart/form-data; boundary=${boundary}`, body };
}
