/**
 * Signature V4 in a query, for requests that are signed by the thousand: those of parts and small files. The SDK's
 * presigner does the same in many objects and promises, and a thousand make that felt; what comes out is equal byte by
 * byte (test/aws/query-signature.test.ts), so the SDK's stays in use for all else.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
import { createHash, createHmac } from "node:crypto";
import type { AwsCredentialIdentity } from "@smithy/types";

/** A request before it is signed. */
export interface RequestToSign {
  readonly method: string;
  readonly protocol: string;
  /** With its port where that is not the protocol's own. */
  readonly host: string;
  /** Encoded, from the first slash on. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names; every one is signed. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface QuerySigning {
  readonly identity: AwsCredentialIdentity;
  readonly region: string;
  readonly date: Date;
  readonly expiresInSeconds: number;
}

/** Gives the signed URL. */
export type QuerySigner = (request: RequestToSign, signing: QuerySigning) => string;

const unsigned = "UNSIGNED-PAYLOAD";

export function createQuerySigner(): QuerySigner {
  const keyFor = rememberKey();

  return (request, { identity, region, date, expiresInSeconds }) => {
    const time = date.toISOString().replace(/\.\d{3}|[-:]/g, "");
    const day = time.slice(0, 8);
    const scope = `${day}/${region}/s3/aws4_request`;
    const headers: Readonly<Record<string, string>> = { ...request.headers, host: request.host };
    const names = Object.keys(headers).sort();
    const { sessionToken } = identity;

    const members = Object.entries({
      ...request.query,
      "X-Amz-Content-Sha256": unsigned,
      ...(sessionToken === undefined ? {} : { "X-Amz-Security-Token": sessionToken }),
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": `${identity.accessKeyId}/${scope}`,
      "X-Amz-Date": time,
      "X-Amz-Expires": String(expiresInSeconds),
      "X-Amz-SignedHeaders": names.join(";"),
    }).map(([name, value]) => [encode(name), encode(value)] as const);

    const canonical = [
      request.method,
      request.path,
      members.toSorted(byName).map(joined).join("&"),
      ...names.map((name) => `${name}:${trimmed(headers[name] ?? "")}`),
      "",
      names.join(";"),
      unsigned,
    ].join("\n");
    const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${createHash("sha256").update(canonical).digest("hex")}`;
    const signature = createHmac("sha256", keyFor(identity, day, region))
      .update(toSign)
      .digest("hex");
    const query = members.map(joined).join("&");
    return `${request.protocol}//${request.host}${request.path}?${query}&X-Amz-Signature=${signature}`;
  };
}

/** Everything but unreserved characters is encoded. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The key changes with the day, the region and the credentials: one is kept, for a run seldom needs a second. */
function rememberKey() {
  let known: { readonly of: string; readonly key: Buffer } | undefined;
  return ({ secretAccessKey }: AwsCredentialIdentity, day: string, region: string): Buffer => {
    const of = `${day}/${region}/${secretAccessKey}`;
    if (known?.of === of) return known.key;
    const key = [day, region, "s3", "aws4_request"].reduce<Buffer | string>(
      (secret, text) => createHmac("sha256", secret).update(text).digest(),
      `AWS4${secretAccessKey}`,
    ) as Buffer;
    known = { of, key };
    return key;
  };
}

/** Encoded names are ASCII: the order of their characters is that of their bytes. */
function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function joined([name, value]: readonly [string, string]): string {
  return `${name}=${value}`;
}

function trimmed(value: string): string {
  return value
    .replace(/[\r\n]/g, " ")
    .replace(/[ \t]+/g, " ")
    .replace(/^ | $/g, "");
}
