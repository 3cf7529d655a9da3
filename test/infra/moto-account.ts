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
  readonly bucket: string;
  readonly failed: readonly string[];
  readonly unknown: readonly string[];
  readonly suppressed: readonly string[];
  /** Layers that have a failure. */
  readonly layers: readonly (number | string)[];
}

interface Result {
  readonly rule: string;
  readonly status: string;
  readonly layer: number | string;
}

/** Runs the built program; the folder's `s3up.config.json` counts. */
export async function auditAll(words: readonly string[], cwd?: string) {
  const ran = await s3up(["audit", ...words, "--json"], {
    env: motoEnvironment(),
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (ran.stderr !== "") throw new Error(ran.stderr);
  const report: { readonly buckets: readonly { readonly bucket: string; readonly results: readonly Result[] }[] } =
    JSON.parse(ran.stdout);
  return { exitCode: ran.exitCode, buckets: report.buckets.map(audited) };
}

/** The same for one bucket. */
export async function audit(...words: readonly string[]): Promise<Audited & { readonly exitCode: number | null }> {
  const { exitCode, buckets } = await auditAll(words);
  const [first] = buckets;
  if (first === undefined || buckets.length > 1) throw new Error(`${buckets.length} buckets were audited`);
  return { exitCode, ...first };
}

function audited({ bucket, results }: { readonly bucket: string; readonly results: readonly Result[] }): Audited {
  const withStatus = (status: string) => results.filter((one) => one.status === status);
  const rulesWith = (status: string) =>
    withStatus(status)
      .map(({ rule }) => rule)
      .toSorted();
  return {
    bucket,
    failed: rulesWith("fail"),
    unknown: rulesWith("unknown"),
    suppressed: rulesWith("suppressed"),
    layers: [...new Set(withStatus("fail").map(({ layer }) => layer))],
  };
}
