/** moto as the AWS that Terraform and the audit talk to, and how to audit there. */
import { randomUUID } from "node:crypto";
import { runningServer } from "../servers/account.ts";
import { s3up } from "../support/built-program.ts";

export const moto = runningServer("MOTO", process.env);
export const whenMoto = "(where S3UP_TEST_MOTO names one)";

/** Names that no other run uses: moto may be shared. */
export const suffix = randomUUID().slice(0, 8);

export function motoEnvironment(): Readonly<Record<string, string>> {
  if (moto === undefined) return {};
  const { endpoint, accessKeyId, secretAccessKey } = moto.account;
  return {
    // The address has to be an IP: with a name the SDK would ask for bucket.localhost.
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
  };
}

export interface Audited {
  readonly exitCode: number | null;
  readonly failed: readonly string[];
  readonly unknown: readonly string[];
  /** Layers that have a failure. */
  readonly layers: readonly (number | string)[];
}

/** Runs the built program; `words` begin with the bucket. */
export async function audit(...words: readonly string[]): Promise<Audited> {
  const ran = await s3up(["audit", ...words, "--json"], { env: motoEnvironment() });
  if (ran.stderr !== "") throw new Error(ran.stderr);
  const results: readonly { readonly rule: string; readonly status: string; readonly layer: number | string }[] =
    JSON.parse(ran.stdout).buckets[0].results;
  const withStatus = (status: string) => results.filter((one) => one.status === status);
  return {
    exitCode: ran.exitCode,
    failed: withStatus("fail").map(({ rule }) => rule),
    unknown: withStatus("unknown").map(({ rule }) => rule),
    layers: [...new Set(withStatus("fail").map(({ layer }) => layer))],
  };
}
