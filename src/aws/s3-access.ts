/**
 * S3 with AWS credentials. Keys that simply stand there sign for an ordinary bucket without the SDK, whose loading takes
 * longer than a small upload; from its first use on, for whatever reason, all goes by what the SDK knows.
 */
import { loadSharedConfigFiles } from "@smithy/shared-ini-file-loader";
import type { MultipartControl } from "../signing/multipart-control.ts";
import type { Signer } from "../signing/signer.ts";
import { type StoreName, storeOf } from "../signing/store-quirks.ts";
import type { Destination, PartSender } from "../upload/transport.ts";
import { type AwsFacts, resolveAwsFacts } from "./aws-settings.ts";
import type { BucketEndpoint } from "./bucket-endpoint.ts";
import type { ClientSurroundings, ClientWishes } from "./client.ts";
import { endOf } from "./credential-source.ts";
import { type CredentialsDestinationOptions, createCredentialsDestination } from "./credentials-destination.ts";
import { plainEndpoint, wantsOtherHosts } from "./plain-endpoint.ts";
import { createQuickly } from "./quick-creation.ts";
import type { Notice } from "./renewal.ts";
import type { SdkAccess } from "./sdk-access.ts";
import { createSignerAt, type SigningPlace } from "./signer.ts";
import { type StaticIdentity, staticIdentity } from "./static-identity.ts";
import type { StreamTarget, StreamTools } from "./stream-transport.ts";
import { countsTries } from "./tries.ts";
import { withoutSignatures } from "./unsigned-signer.ts";

export interface AccessSurroundings extends Omit<ClientSurroundings, "agents"> {
  /** What the SDK's connections go through, where there are any. */
  agents(): Promise<ClientSurroundings["agents"]>;
  readonly now: () => Date;
  tell(notice: Notice): void;
}

export interface AccessWishes extends ClientWishes {
  /** Begins multipart uploads; without it the SDK does. */
  readonly sender?: PartSender | undefined;
  /** Undefined: by the endpoint's host. */
  readonly store?: StoreName | undefined;
}

type OwnOptions = "signer" | "control" | "store" | "renew" | "origin" | "endOfCredentials" | "s3Endpoint";

/** @throws S3upError REGION_UNKNOWN, CONFIG_INVALID, FILE_UNREADABLE */
export async function openS3(wishes: AccessWishes, surroundings: AccessSurroundings) {
  const { environment, now } = surroundings;
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  const facts = resolveAwsFacts(wishes, environment, configFile);
  const section = configFile[facts.profile ?? "default"];
  const store = storeOf(wishes.store, facts.endpoint);

  let learned: SdkAccess | undefined;
  const sdk = onFirstUse(async () => {
    const { openSdk } = await import("./sdk-access.ts");
    const opened = await openSdk(wishes, { ...surroundings, store, agents: await surroundings.agents() });
    learned = opened;
    return opened;
  });
  const identity = wishes.signRequests
    ? staticIdentity({ profile: facts.profile, environment, configFile, credentialsFile })
    : nobody;
  const rules = wantsOtherHosts(environment, section) ? () => undefined : plainEndpoint;
  const first = identity === undefined ? (await sdk()).place : placeWithoutSdk({ identity, facts, rules, sdk });
  const place = latest(() => learned?.place ?? first);
  const signing = await createSignerAt(place, now);
  const signer = wishes.signRequests ? signing : withoutSignatures(signing);
  const control = createControl(sdk, signer, countsTries(wishes.maxAttempts, environment, section) ? {} : wishes);

  return {
    region: facts.region,
    store,
    signer,
    control,
    destination: (upload: Omit<CredentialsDestinationOptions, OwnOptions>): Destination =>
      createCredentialsDestination({
        ...upload,
        signer,
        control,
        store,
        renew: async (answer, refused) => (await sdk()).renewal.afterAnswer(answer, refused),
        origin: async () => (await place.endpointOf(upload.bucket)).origin,
        endOfCredentials: () => endOf(learned?.credentials?.last() ?? identity),
        s3Endpoint: facts.endpoint,
      }),
    async uploadStream(
      bytes: AsyncIterable<Uint8Array>,
      upload: Omit<StreamTarget, "store">,
      tools: Omit<StreamTools, "client" | "control">,
    ) {
      const [{ client }, { uploadStream }] = await Promise.all([sdk(), import("./stream-transport.ts")]);
      return uploadStream(bytes, { ...upload, store }, { ...tools, client, control });
    },
  };
}

/** Nothing is signed with it. */
const nobody: StaticIdentity = { accessKeyId: "anonymous", secretAccessKey: "anonymous" };

function onFirstUse<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open();
    return opened;
  };
}

interface PlaceOptions {
  readonly identity: StaticIdentity;
  readonly facts: AwsFacts;
  readonly rules: (bucket: string, facts: AwsFacts) => BucketEndpoint | undefined;
  readonly sdk: () => Promise<SdkAccess>;
}

function placeWithoutSdk({ identity, facts, rules, sdk }: PlaceOptions): SigningPlace {
  const known = new Map<string, BucketEndpoint>();
  return {
    region: async () => facts.region,
    credentials: async () => identity,
    clockOffset: () => 0,
    async endpointOf(bucket) {
      const endpoint = known.get(bucket) ?? rules(bucket, facts);
      if (endpoint === undefined) return (await sdk()).place.endpointOf(bucket);
      known.set(bucket, endpoint);
      return endpoint;
    },
  };
}

function latest(place: () => SigningPlace): SigningPlace {
  return {
    region: () => place().region(),
    credentials: () => place().credentials(),
    clockOffset: () => place().clockOffset(),
    endpointOf: (bucket) => place().endpointOf(bucket),
  };
}

function createControl(
  sdk: () => Promise<SdkAccess>,
  signer: Signer,
  { sender }: Pick<AccessWishes, "sender">,
): MultipartControl {
  const create: MultipartControl["create"] = async (...call) => (await sdk()).control.create(...call);
  return {
    create: sender === undefined ? create : createQuickly({ signer, sender, create }),
    listPage: async (...call) => (await sdk()).control.listPage(...call),
    listParts: async (...call) => (await sdk()).control.listParts(...call),
    complete: async (...call) => (await sdk()).control.complete(...call),
    abort: async (...call) => (await sdk()).control.abort(...call),
    listUploads: async (...call) => (await sdk()).control.listUploads(...call),
    head: async (...call) => (await sdk()).control.head(...call),
  };
}
