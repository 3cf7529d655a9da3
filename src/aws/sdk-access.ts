/** A client of the AWS SDK and all that s3up does with it for one bucket. Loading it is what takes long. */
import type { MultipartControl } from "../signing/multipart-control.ts";
import type { StoreQuirks } from "../signing/store-quirks.ts";
import { type ClientSurroundings, type ClientWishes, connectS3, type S3Connection } from "./client.ts";
import { createMultipartControl } from "./multipart.ts";
import { placeOf } from "./presigner.ts";
import { createRenewal, type Notice, type Renewal } from "./renewal.ts";
import type { SigningPlace } from "./signer.ts";

export interface SdkAccess extends Pick<S3Connection, "client" | "credentials"> {
  readonly place: SigningPlace;
  readonly control: MultipartControl;
  readonly renewal: Renewal;
}

export interface SdkSurroundings extends ClientSurroundings {
  readonly store: StoreQuirks;
  readonly now: () => Date;
  tell(notice: Notice): void;
}

/** @throws S3upError REGION_UNKNOWN, CONFIG_INVALID, FILE_UNREADABLE */
export async function openSdk(wishes: ClientWishes, surroundings: SdkSurroundings): Promise<SdkAccess> {
  const { bucket, stallTimeoutMs } = wishes;
  const { store, now, tell } = surroundings;
  const { client, credentials, region } = await connectS3(wishes, surroundings);
  return {
    client,
    credentials,
    place: placeOf(client),
    control: createMultipartControl({ client, store, answerTimeoutMs: stallTimeoutMs && 2 * stallTimeoutMs }),
    renewal: createRenewal({ client, credentials, region, bucket, now, tell }),
  };
}
