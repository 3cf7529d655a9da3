/** The source of the product on a server of a test, with keys in the environment of the process, where the SDK looks. */
import { createLiveSource, type LiveSource, type LiveWishes } from "../../src/aws/live-source.ts";

export interface TestKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const someKeys: TestKeys = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" };

export function useKeys({ accessKeyId, secretAccessKey }: TestKeys = someKeys): void {
  process.env.AWS_ACCESS_KEY_ID = accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = secretAccessKey;
}

export async function liveSourceAt(
  endpointUrl: string | undefined,
  changes: Partial<LiveWishes> = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<LiveSource> {
  const wishes: LiveWishes = {
    profile: undefined,
    region: "eu-central-1",
    endpointUrl,
    pathStyle: true,
    bucket: "drop",
    maxAttempts: 1,
    connectTimeoutMs: undefined,
    accountId: undefined,
    signer: { functionName: undefined, role: undefined },
    ...changes,
  };
  return createLiveSource(wishes, { environment, version: "0.0.0" });
}
