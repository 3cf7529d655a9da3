/** The signing port with the settings, credentials and endpoint rules of a client of the AWS SDK. */
import type { S3Client } from "@aws-sdk/client-s3";
import type { Signer } from "../signing/signer.ts";
import { createEndpointResolver } from "./bucket-endpoint.ts";
import { translateSdkError, withSdkErrors } from "./sdk-errors.ts";
import { createSignerAt, type SigningPlace } from "./signer.ts";

export interface SignerOptions {
  /** Supplies credentials, region and endpoint rules. Its own checksum settings do not matter: nothing is sent. */
  readonly client: S3Client;
  readonly now: () => Date;
}

/** @throws S3upError REGION_UNKNOWN */
export function createSigner({ client, now }: SignerOptions): Promise<Signer> {
  return createSignerAt(placeOf(client), now);
}

export function placeOf(client: S3Client): SigningPlace {
  return {
    async region() {
      try {
        return await client.config.region();
      } catch (error) {
        throw translateSdkError(error, { operation: "sign" });
      }
    },
    credentials: () => withSdkErrors({ operation: "sign" }, () => client.config.credentials()),
    /** S3's time as the SDK last learned it; the machine's own clock before its first call. */
    clockOffset: () => client.config.systemClockOffset,
    endpointOf: createEndpointResolver(client),
  };
}
