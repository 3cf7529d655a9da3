/**
 * What `infra` deploys in front of the function, as its clients meet it: written down for the tests that have no
 * Terraform, and held against what Terraform really makes by test/infra/moto.test.ts.
 */
import type { GatewayCors } from "./http-api.ts";

export interface DeployedShape {
  readonly routes: readonly string[];
  readonly cors: GatewayCors;
  /** All settings but those that name something of the account. */
  readonly environment: Readonly<Record<string, string>>;
  readonly bucketCors: {
    readonly AllowedOrigins: string[];
    readonly AllowedMethods: string[];
    readonly AllowedHeaders: string[];
    readonly ExposeHeaders: string[];
    readonly MaxAgeSeconds: number;
  };
}

export const appOrigin = "https://app.example.com";

/** With `allowed_origins = ["https://app.example.com"]` and sign-in by JWT. */
export const deployedShape: DeployedShape = {
  routes: [
    "GET /presign",
    "POST /presign",
    "POST /presign/multipart",
    "POST /presign/multipart/abort",
    "POST /presign/multipart/complete",
    "POST /presign/multipart/list",
    "POST /presign/multipart/parts",
  ],
  cors: {
    allow_origins: [appOrigin],
    allow_methods: ["GET", "POST"],
    allow_headers: ["authorization", "content-type"],
    expose_headers: ["apigw-requestid", "retry-after"],
    max_age: 300,
  },
  environment: {
    ALLOWED_CONTENT_TYPES: "*/*",
    AUTH: "jwt",
    EXPIRES_IN_DEFAULT: "300",
    EXPIRES_IN_MAX: "900",
    IDEMPOTENT_CREATE: "false",
    KEY_PREFIX: "uploads",
    MAX_SIZE: "5368709120",
    MODES: "put,multipart",
    OVERWRITE: "never",
    REQUIRE_SIZE: "true",
    TOKEN_KEY_GENERATION: "1",
    TOKEN_LIFE: "86400",
  },
  bucketCors: {
    AllowedOrigins: [appOrigin],
    AllowedMethods: ["PUT"],
    AllowedHeaders: [
      "content-type",
      "if-none-match",
      "x-amz-checksum-*",
      "x-amz-meta-*",
      "x-amz-sdk-checksum-algorithm",
    ],
    ExposeHeaders: ["ETag", "x-amz-checksum-crc32", "x-amz-checksum-sha256", "x-amz-checksum-type", "x-amz-version-id"],
    MaxAgeSeconds: 3600,
  },
};
