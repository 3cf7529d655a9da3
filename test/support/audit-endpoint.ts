import type { EndpointFacts, SignedUpload } from "../../src/audit/endpoint-facts.ts";
import { hostileNames } from "../../src/audit/hostile-names.ts";
import type { BucketSnapshot } from "../../src/audit/snapshot.ts";
import { aBucket } from "./audit-bucket.ts";

/** An address with nothing wrong about it, but for the changes. */
export function anUpload(changes: Partial<SignedUpload> = {}): SignedUpload {
  return {
    asked: "v1",
    bucket: "drop",
    key: "uploads/1-s3up-probe.txt",
    secure: true,
    signatureVersion: 4,
    expiresInSeconds: 300,
    signedHeaders: ["content-length", "content-type", "host", "if-none-match", "x-amz-checksum-sha256"],
    queryChecksums: [],
    ...changes,
  };
}

/** An endpoint with nothing wrong about it, but for the changes. */
export function anEndpoint(changes: Partial<EndpointFacts> = {}): EndpointFacts {
  return {
    url: "https://api.example.com/presign",
    anonymous: "refused",
    forms: ["v1"],
    uploads: [anUpload(), anUpload({ asked: "long-life", key: "uploads/2-s3up-probe.txt" })],
    names: hostileNames.map(({ id }) => ({ name: id, answer: "signed", key: "uploads/3-s3up-probe.txt" })),
    oversized: "refused",
    preflight: { status: 204 },
    bucketPreflight: { status: 403 },
    ...changes,
  };
}

/** A bucket behind such an endpoint. */
export function behindEndpoint(changes: Partial<EndpointFacts> = {}): BucketSnapshot {
  return aBucket({ endpoint: anEndpoint(changes) });
}

/** Where the endpoint wanted a sign-in and nobody signed in. */
export const closedEndpoint = aBucket({
  endpoint: { url: "https://api.example.com/presign", anonymous: "refused", forms: [], uploads: [], names: [] },
});
