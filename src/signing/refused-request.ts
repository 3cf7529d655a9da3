/**
 * Reads S3's own answer to a signed request that it refused. With SignatureDoesNotMatch S3 sends the canonical request
 * that it computed from what arrived; compared with what was signed it shows the header that differs.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
import type { UrlExplanation } from "./explain.ts";

export interface RefusedRequest {
  readonly code: string | undefined;
  readonly message: string | undefined;
  /** One sentence each: what differs from what was signed, or what S3 says is wrong. Empty when nothing can be seen. */
  readonly findings: readonly string[];
}

export function explainRefusedRequest(body: string, request: UrlExplanation | undefined): RefusedRequest {
  const code = elementOf(body, "Code");
  const canonical = elementOf(body, "CanonicalRequest");
  return {
    code,
    message: elementOf(body, "Message"),
    findings: [
      ...unsignedHeaders(body),
      ...expiry(body),
      ...(canonical === undefined ? [] : differences(readCanonicalRequest(canonical), request)),
      ...(code === "SignatureDoesNotMatch" && canonical === undefined
        ? ["The answer holds no CanonicalRequest to compare with: save the whole body (curl -o body.xml)."]
        : []),
    ],
  };
}

interface CanonicalRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: ReadonlyMap<string, string>;
}

/** Method, path, query, one line a header, an empty line, the header names, the payload's hash. */
function readCanonicalRequest(text: string): CanonicalRequest {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  const blank = lines.indexOf("", 3);
  const headerLines = lines.slice(3, blank < 0 ? undefined : blank);
  return {
    method: lines[0] ?? "",
    path: lines[1] ?? "",
    headers: new Map(
      headerLines.map((line) => {
        const at = line.indexOf(":");
        return [line.slice(0, at).toLowerCase(), line.slice(at + 1)] as const;
      }),
    ),
  };
}

function differences(seen: CanonicalRequest, request: UrlExplanation | undefined): readonly string[] {
  if (request === undefined) return [];
  const path = request.target.replace(/^https?:\/\/[^/]+/, "") || "/";
  const host = /^https?:\/\/([^/]+)/.exec(request.target)?.[1];
  const found = [
    ...(request.method === undefined || request.method === seen.method
      ? []
      : [`The method differs: signed for ${request.method}, S3 received ${seen.method}.`]),
    ...(decodePath(path) === decodePath(seen.path)
      ? []
      : [`The path differs: signed ${path}, S3 received ${seen.path}.`]),
    ...headerDifferences([{ name: "host", value: host }, ...request.mustSend], seen),
  ];
  return found.length > 0 ? found : [nothingDiffers];
}

const nothingDiffers =
  "Everything that can be compared is as it was signed: a value that the input does not tell differs, or the secret key is wrong.";

/** A header that was signed and not sent stands in the canonical request without a value. */
function headerDifferences(mustSend: UrlExplanation["mustSend"], seen: CanonicalRequest): readonly string[] {
  return mustSend.flatMap(({ name, value }) => {
    const received = seen.headers.get(name);
    if (received === undefined || received === "") return [`${name} was signed but not sent.`];
    if (value === undefined) return [`${name} arrived as "${received}"; compare it with what was signed.`];
    return value === received ? [] : [`${name} differs: signed "${value}", S3 received "${received}".`];
  });
}

function unsignedHeaders(body: string): readonly string[] {
  const names = elementOf(body, "HeadersNotSigned");
  return names === undefined ? [] : [`Sent but not signed: ${names}. Leave it out, or sign it.`];
}

function expiry(body: string): readonly string[] {
  const expires = elementOf(body, "Expires");
  const serverTime = elementOf(body, "ServerTime");
  if (expires === undefined || serverTime === undefined) return [];
  return [`It expired at ${expires}; S3's clock said ${serverTime}.`];
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A broken percent sign is compared as it stands.
    return path;
  }
}

function elementOf(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(xml)?.[1];
  return text === undefined || text === "" ? undefined : unescapeXml(text);
}

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  "#10": "\n",
  "#xA": "\n",
};

function unescapeXml(text: string): string {
  return text.replace(/&(#10|#xA|amp|lt|gt|quot|apos);/g, (whole, name: string) => entities[name] ?? whole);
}
