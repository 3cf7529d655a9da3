/** Asks the presign endpoint, and says on stderr what was sent to it. */
import type { EndpointFacts, EndpointProbe } from "../audit/endpoint-facts.ts";
import type { Reading } from "../audit/snapshot.ts";
import { type ErrorCode, S3upError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import type { AuditOptions } from "./audit.ts";

export type EndpointReading = Reading<EndpointFacts> & {
  /** What browsers must be allowed to send; undefined where nothing was signed. */
  readonly signedHeaders?: readonly string[] | undefined;
};

/**
 * Undefined: no endpoint was named. One that cannot be asked is unreadable, and what would be said of it unknown.
 * @throws S3upError of an endpoint that alone is audited, and for what would go wrong with any endpoint
 */
export async function readEndpoint(
  { probe, targets, quiet }: AuditOptions,
  runtime: Runtime,
): Promise<EndpointReading | undefined> {
  if (probe === undefined) return undefined;
  const tell = (text: string) => {
    if (!quiet) runtime.stderr.write(`${text}\n`);
  };
  try {
    const asked = await runtime.probeEndpoint(probe.endpoint, { upload: probe.upload, signal: runtime.signal });
    tell(sentText(asked));
    return { state: "present", value: asked.facts, signedHeaders: browserHeaders(asked.facts) };
  } catch (error) {
    if (!(error instanceof S3upError) || targets.kind === "endpoint" || !ofThisEndpoint.has(error.code)) throw error;
    tell(`${error.message} ${error.why ?? ""}`.trim());
    return { state: "unreadable", reason: withoutDot(error.message) };
  }
}

const ofThisEndpoint: ReadonlySet<ErrorCode> = new Set([
  "NETWORK",
  "ACCESS_DENIED",
  "NOT_ALLOWED",
  "THROTTLED",
  "TOO_LARGE",
  "ENDPOINT_ERROR",
]);

function sentText({ facts: { url, names, replay }, requests, stored }: EndpointProbe): string {
  const asked = `Sent ${requests} requests to ${url}, ${names.length} of them with a hostile file name.`;
  if (stored === undefined) {
    return replay === undefined ? `${asked} Nothing was uploaded.` : `${asked} An upload was tried and refused.`;
  }
  const { bucket, key, bytes } = stored;
  const where = bucket === undefined ? key : `s3://${bucket}/${key}`;
  return `${asked} Uploaded ${bytes} bytes, twice to one address: delete ${where}.`;
}

/** Not those that a browser makes by itself. */
function browserHeaders({ uploads }: EndpointFacts): readonly string[] | undefined {
  const plain = uploads.find(({ form, signatureVersion }) => form === undefined && signatureVersion === 4);
  return plain?.signedHeaders.filter((name) => name !== "host" && name !== "content-length");
}

function withoutDot(text: string): string {
  return text.replace(/\.$/, "");
}
