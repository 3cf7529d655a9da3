/** What `infra` deploys, on loopback: the zip's function behind its HTTP API, with sign-in, in front of a bucket with its CORS. */
import { PutBucketCorsCommand } from "@aws-sdk/client-s3";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { startFunction } from "./deployed-function.ts";
import { appOrigin, deployedShape } from "./deployed-shape.ts";
import { jwtAuthorizer } from "./gateway-events.ts";
import { startHttpApi } from "./http-api.ts";
import { sdkClient } from "./running-sandbox.ts";

/** The one that the API's authorizer takes. */
export const deployedToken = "a.jwt.of-user-1";

export interface DeployedApi {
  /** `http://127.0.0.1:…/presign` */
  readonly endpoint: string;
  close(): Promise<void>;
}

/**
 * @param origin the one in `allowed_origins`
 * @param settings of the function, besides the defaults of `infra`
 */
export async function deployApi(
  sandbox: Sandbox,
  { origin = appOrigin, settings = {} }: { origin?: string; settings?: Readonly<Record<string, string>> } = {},
): Promise<DeployedApi> {
  await admitOrigin(sandbox, origin);
  // There is no KMS here to derive the key from.
  const { TOKEN_KEY_GENERATION: _, ...environment } = deployedShape.environment;
  const secret = { TOKEN_SECRET: "0123456789abcdef0123456789abcdef" };
  const deployed = await startFunction({
    ...environment,
    ...secret,
    BUCKET: sandbox.bucket,
    ...sandbox.env,
    ...settings,
  });
  const api = await startHttpApi({
    routes: deployedShape.routes,
    cors: { ...deployedShape.cors, allow_origins: [origin] },
    invoke: deployed.invoke,
    authorizer: ({ authorization }) =>
      authorization === `Bearer ${deployedToken}` ? jwtAuthorizer("user-1") : undefined,
  });
  return {
    endpoint: `${api.url}/presign`,
    close: async () => {
      await api.close();
      await deployed.close();
    },
  };
}

async function admitOrigin(sandbox: Sandbox, origin: string): Promise<void> {
  const client = sdkClient(sandbox);
  const CORSConfiguration = { CORSRules: [{ ...deployedShape.bucketCors, AllowedOrigins: [origin] }] };
  await client.send(new PutBucketCorsCommand({ Bucket: sandbox.bucket, CORSConfiguration }));
  client.destroy();
}
