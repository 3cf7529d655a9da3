/**
 * Reads a presigned URL without any key: what it says, not whether S3 would believe it.
 * The text is taken apart by hand because `new URL` would resolve dot segments, which is one of the things to find.
 */

export interface SignedUrl {
  readonly protocol: "http" | "https";
  /** As in the URL, with the port. */
  readonly host: string;
  /** Percent-encoded, as in the URL. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  readonly bucket: string | undefined;
  /** Decoded. Empty when the URL names a bucket only. */
  readonly key: string;
  readonly addressing: "path" | "virtual-host";
  readonly signature: UrlSignature;
}

export type UrlSignature =
  | {
      readonly version: 4;
      readonly accessKeyId: string;
      readonly region: string;
      readonly service: string;
      readonly signedAt: Date | undefined;
      readonly expiresInSeconds: number | undefined;
      /** Lower-case names. */
      readonly signedHeaders: readonly string[];
      /** Made with the credentials of a session: the URL ends with them at the latest. */
      readonly temporary: boolean;
    }
  | { readonly version: 2; readonly expiresAt: Date | undefined }
  | { readonly version: undefined };

/** @returns undefined when the text is no http or https URL */
export function readSignedUrl(text: string): SignedUrl | undefined {
  const match = /^(https?):\/\/([^/?#\s@\\]+)(\/[^?#\s]*)?(?:\?([^#\s]*))?(?:#\S*)?$/i.exec(text.trim());
  if (match === null) return undefined;
  const [, protocol = "", host = "", path = "", search = ""] = match;

  const query = readQuery(search);
  return {
    protocol: protocol.toLowerCase() === "http" ? "http" : "https",
    host: host.toLowerCase(),
    path,
    query,
    ...addressOf(host.toLowerCase(), path),
    signature: signatureOf(query),
  };
}

/** The URL without its query: fit for a message. */
export function withoutQuery(url: Pick<SignedUrl, "protocol" | "host" | "path">): string {
  return `${url.protocol}://${url.host}${url.path}`;
}

export function expiryOf(signature: UrlSignature): Date | undefined {
  if (signature.version === 2) return signature.expiresAt;
  if (signature.version === undefined) return undefined;
  const { signedAt, expiresInSeconds } = signature;
  if (signedAt === undefined || expiresInSeconds === undefined) return undefined;
  return new Date(signedAt.getTime() + expiresInSeconds * 1000);
}

function readQuery(search: string): ReadonlyMap<string, string> {
  const pairs = search.split("&").filter((pair) => pair !== "");
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [decode(pair), ""] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
    }),
  );
}

/** `<bucket>.s3.<region>.amazonaws.com` and its older, accelerated and dual-stack kin; group 1 is absent in path style. */
const awsHost = /^(?:(.+)\.)?s3(?:-accelerate)?(?:\.dualstack)?(?:[.-][a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?(?::\d+)?$/;

function addressOf(host: string, path: string): Pick<SignedUrl, "bucket" | "key" | "addressing"> {
  const bucket = awsHost.exec(host)?.[1];
  if (bucket !== undefined) return { bucket, key: decode(path.slice(1)), addressing: "virtual-host" };
  const [, first = "", rest = ""] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  return { bucket: first === "" ? undefined : decode(first), key: decode(rest), addressing: "path" };
}

function signatureOf(query: ReadonlyMap<string, string>): UrlSignature {
  const of = (name: string) => queryMember(query, name);
  if (of("x-amz-algorithm") !== undefined || of("x-amz-signature") !== undefined) {
    const [accessKeyId = "", , region = "", service = ""] = (of("x-amz-credential") ?? "").split("/");
    return {
      version: 4,
      accessKeyId,
      region,
      service,
      signedAt: readAmzDate(of("x-amz-date") ?? ""),
      expiresInSeconds: readSeconds(of("x-amz-expires")),
      signedHeaders: (of("x-amz-signedheaders") ?? "").toLowerCase().split(";").filter(Boolean),
      temporary: of("x-amz-security-token") !== undefined,
    };
  }
  if (query.has("AWSAccessKeyId") && query.has("Signature")) {
    const seconds = readSeconds(query.get("Expires"));
    return { version: 2, expiresAt: seconds === undefined ? undefined : new Date(seconds * 1000) };
  }
  return { version: undefined };
}

/** The value of a query member whatever the case of its name. */
export function queryMember(query: ReadonlyMap<string, string>, name: string): string | undefined {
  for (const [candidate, value] of query) {
    if (candidate.toLowerCase() === name) return value;
  }
  return undefined;
}

/** `20260102T030405Z` */
function readAmzDate(text: string): Date | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function readSeconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

/** Broken percent signs are left as they stand: the reader of a bad URL must not fail on it. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
