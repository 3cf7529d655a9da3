import { S3ControlClient } from "@aws-sdk/client-s3-control";
import type { Account } from "./server.ts";

/** For the settings of an account. The SDK, like the aws command, would put the account before the host, where no server on loopback answers. */
export function controlClient({ endpoint, region, accessKeyId, secretAccessKey }: Account): S3ControlClient {
  const control = new S3ControlClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  const { endpointProvider } = control.config;
  control.config.endpointProvider = (parameters, context) =>
    endpointProvider({ ...parameters, RequiresAccountId: false }, context);
  return control;
}
