/** What the probe asks for: a tiny text file, in each form that a presign endpoint may speak. */
import type { Capabilities, Checksum } from "../protocol/messages.ts";

export const probeFileName = "s3up-probe.txt";
export const probeContent = "s3up probe\n";

/** Of `probeContent`; SHA-256 and CRC32 are what s3up's own backend can sign into a PUT. */
const checksums: readonly Checksum[] = [
  { algorithm: "SHA256", value: "A0ussP9VXuJpxH6j2qWospjPfBEHqtkBeP+x7zdVCRE=" },
  { algorithm: "CRC32", value: "DiOiOg==" },
];
/** Types that endpoints of different purposes take, asked for one after the other until one is signed. */
const usualTypes = ["text/plain", "image/png", "application/pdf"] as const;

/** A plain request: what all others are made from by changing one member. */
export interface PlainRequest {
  readonly fileName: string;
  readonly contentType: string;
}

/** @param said what the endpoint says of itself, where it does */
export function plainRequests(said: Capabilities | undefined): readonly [PlainRequest, ...PlainRequest[]] {
  const [first, ...others] = usualTypes;
  if (said !== undefined) return [plainRequest(concreteType(said.contentTypes))];
  return [plainRequest(first), ...others.map(plainRequest)];
}

function plainRequest(contentType: string): PlainRequest {
  return { fileName: probeFileName, contentType };
}

export function articleBody({ fileName, contentType }: PlainRequest): object {
  return { fileName, contentType };
}

export function version1Body(request: PlainRequest, said: Capabilities | undefined, changes: object = {}): object {
  const checksum =
    said === undefined ? checksums[0] : checksums.find((one) => said.checksums.put.includes(one.algorithm));
  return {
    v: 1,
    mode: "put",
    ...request,
    size: probeContent.length,
    ...(checksum === undefined ? {} : { checksum }),
    ...changes,
  };
}

/** A type that the endpoint says it takes. */
function concreteType(patterns: readonly string[]): string {
  const usual = usualTypes.find((type) => patterns.some((pattern) => allows(pattern, type)));
  const [first = "text/*"] = patterns;
  return usual ?? first.replace("*", "octet-stream");
}

/** Patterns are a type, `image/*` or a wildcard for all. */
function allows(pattern: string, type: string): boolean {
  if (pattern === "*" || pattern === "*/*") return true;
  return pattern.endsWith("/*") ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}
