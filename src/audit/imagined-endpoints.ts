/** Two endpoints that stand for all that could not be asked: one without fault, one with every fault that a rule tells. */
import type { EndpointFacts, SignedUpload } from "./endpoint-facts.ts";
import { foreignOrigin, hostileNames, longestLifeSeconds } from "./hostile-names.ts";
import type { Intent } from "./intent.ts";

const url = "https://api.example.com/presign";

export function faultlessEndpoint(bucket: string, { prefix }: Intent): EndpointFacts {
  const upload: SignedUpload = {
    asked: "v1",
    bucket,
    key: `${prefix}1-s3up-probe.txt`,
    secure: true,
    signatureVersion: 4,
    expiresInSeconds: 60,
    signedHeaders: ["content-length", "content-type", "host", "if-none-match", "x-amz-checksum-sha256"],
    queryChecksums: [],
  };
  return {
    url,
    anonymous: "refused",
    forms: ["v1"],
    uploads: [upload, { ...upload, asked: "long-life", key: `${prefix}2-s3up-probe.txt` }],
    names: hostileNames.map(({ id }) => ({ name: id, answer: "refused" })),
    oversized: "refused",
    preflight: { status: 204 },
    bucketPreflight: { status: 403 },
    replay: { first: 200, second: 412 },
  };
}

export function faultyEndpoint(): EndpointFacts {
  const upload: SignedUpload = {
    asked: "v1",
    bucket: "elsewhere",
    key: "s3up-probe.txt",
    secure: false,
    signatureVersion: 2,
    expiresInSeconds: longestLifeSeconds,
    signedHeaders: ["host"],
    queryChecksums: [{ name: "x-amz-checksum-crc32", ofEmptyBody: true }],
  };
  const open = { status: 200, allowOrigin: foreignOrigin, allowCredentials: true };
  return {
    url,
    anonymous: "signed",
    forms: ["article", "v1"],
    uploads: [upload, { ...upload, asked: "long-life" }],
    names: hostileNames.map(({ id, fileName }) => ({ name: id, answer: "signed", key: fileName })),
    oversized: "signed",
    preflight: open,
    bucketPreflight: open,
    replay: { first: 200, second: 200 },
  };
}
