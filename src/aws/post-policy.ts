/**
 * The signed policy behind a browser form. Every field has an exact condition and the size has both bounds; the SDK's
 * own builder turns a key that ends in `${filename}` into a prefix condition and reads the clock itself.
 */
import { createHmac } from "node:crypto";
import type { AwsCredentialIdentity } from "@smithy/types";
import { S3upError } from "../errors.ts";
import type { FormToSign } from "../signing/signer.ts";

export interface PolicySigning {
  readonly identity: AwsCredentialIdentity;
  readonly region: string;
  readonly date: Date;
  readonly expiresInSeconds: number;
}

/** @returns all fields in the order in which they are to be sent, the file after them */
export function signPostPolicy(form: FormToSign, signing: PolicySigning): Readonly<Record<string, string>> {
  refuseVariables(form);
  const { identity, region, date, expiresInSeconds } = signing;
  const timestamp = date.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = timestamp.slice(0, 8);
  const scope = `${day}/${region}/s3/aws4_request`;

  const exact: Record<string, string> = {
    key: form.key,
    ...form.fields,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${identity.accessKeyId}/${scope}`,
    "X-Amz-Date": timestamp,
    ...(identity.sessionToken === undefined ? {} : { "X-Amz-Security-Token": identity.sessionToken }),
  };
  const policy = base64({
    expiration: new Date(date.getTime() + expiresInSeconds * 1000).toISOString(),
    conditions: [
      { bucket: form.bucket },
      ...Object.entries(exact).map(([name, value]) => ({ [name]: value })),
      ["content-length-range", form.minSize, form.maxSize],
    ],
  });
  const key = [day, region, "s3", "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${identity.secretAccessKey}`);
  return { ...exact, Policy: policy, "X-Amz-Signature": hmac(key, policy).toString("hex") };
}

/** S3 replaces `${filename}` in any field by a name that the sender chooses. */
function refuseVariables({ key, fields }: FormToSign): void {
  const named = Object.entries({ key, ...fields }).find(([, value]) => value.includes("${"));
  if (named === undefined) return;
  throw new S3upError("USAGE", `The form field ${named[0]} must not contain "\${".`, {
    why: "S3 would replace it by a name of the sender's choice, so the form would be good for more than one object.",
    hint: "Choose a key without it.",
  });
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function base64(policy: unknown): string {
  return Buffer.from(JSON.stringify(policy)).toString("base64");
}
