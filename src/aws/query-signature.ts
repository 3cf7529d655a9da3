/**
 * Signature V4 in a query. The SDK's presigner does the same in many objects and promises, which a thousand parts make
 * felt, and needs the SDK to be loaded; what comes out is equal byte by byte (test/aws/query-signature.test.ts).
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

/** A member of the query, encoded. */
interface Member {
  readonly name: string;
  /** Name and value. */
  readonly text: string;
}

/** What the signatures of one second have in common. */
interface Occasion {
  readonly of: QuerySigning;
  readonly key: Buffer;
  /** All that precedes the hash in what is signed. */
  readonly preamble: string;
  readonly members: readonly Member[];
}

export function createQuerySigner(): QuerySigner {
  const keyFor = rememberKey();
  let occasion: Occasion | undefined;

  return (request, signing) => {
    if (occasion === undefined || !isSame(occasion.of, signing)) occasion = occasionOf(signing, keyFor);
    const headers: Readonly<Record<string, string>> = { ...request.headers, host: request.host };
    const names = Object.keys(headers).sort();
    const signedNames = names.join(";");

    const members: Member[] = [];
    for (const [name, value] of Object.entries(request.query)) members.push(memberOf(name, value));
    members.push(...occasion.members, memberOf("X-Amz-SignedHeaders", signedNames));
    const query = textOf(members);

    let lines = "";
    for (const name of names) lines += `${name}:${trimmed(headers[name] ?? "")}\n`;
    const canonical = `${request.method}\n${request.path}\n${textOf(members.sort(byName))}\n${lines}\n${signedNames}\n${unsigned}`;
    const signature = createHmac("sha256", occasion.key)
      .update(`${occasion.preamble}${createHash("sha256").update(canonical).digest("hex")}`)
      .digest("hex");
    return `${request.protocol}//${request.host}${request.path}?${query}&X-Amz-Signature=${signature}`;
  };
}

function isSame(a: QuerySigning, b: QuerySigning): boolean {
  return (
    secondOf(a.date) === secondOf(b.date) &&
    a.region === b.region &&
    a.expiresInSeconds === b.expiresInSeconds &&
    a.identity.accessKeyId === b.identity.accessKeyId &&
    a.identity.secretAccessKey === b.identity.secretAccessKey &&
    a.identity.sessionToken === b.identity.sessionToken
  );
}

function secondOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

function occasionOf(signing: QuerySigning, keyFor: ReturnType<typeof rememberKey>): Occasion {
  const { identity, region, date, expiresInSeconds } = signing;
  const time = date.toISOString().replace(/\.\d{3}|[-:]/g, "");
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/s3/aws4_request`;
  const { sessionToken } = identity;
  return {
    // The date itself may be changed by whoever made it.
    of: { ...signing, date: new Date(date), identity: { ...identity } },
    key: keyFor(identity, day, region),
    preamble: `AWS4-HMAC-SHA256\n${time}\n${scope}\n`,
    members: [
      memberOf("X-Amz-Content-Sha256", unsigned),
      ...(sessionToken === undefined ? [] : [memberOf("X-Amz-Security-Token", sessionToken)]),
      memberOf("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
      memberOf("X-Amz-Credential", `${identity.accessKeyId}/${scope}`),
      memberOf("X-Amz-Date", time),
      memberOf("X-Amz-Expires", String(expiresInSeconds)),
    ],
  };
}

const plain = /^[\w.~-]*$/;

/** Everything but unreserved characters is encoded. */
export function encode(text: string): string {
  if (plain.test(text)) return text;
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

function memberOf(name: string, value: string): Member {
  const encoded = encode(name);
  return { name: encoded, text: `${encoded}=${encode(value)}` };
}

function textOf(members: readonly Member[]): string {
  let text = "";
  for (const member of members) text += text === "" ? member.text : `&${member.text}`;
  return text;
}

/** Encoded names are ASCII: the order of their characters is that of their bytes. */
function byName(a: Member, b: Member): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

const untidy = /[\r\n\t]|^ | $| {2}/;

function trimmed(value: string): string {
  if (!untidy.test(value)) return value;
  return value
    .replace(/[\r\n]/g, " ")
    .replace(/[ \t]+/g, " ")
    .replace(/^ | $/g, "");
}
