/** One request and what S3 says to it, from the signature to the answer. Knows nothing of faults and of the wire. */
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { BucketStore } from "./bucket-store.ts";
import type { AccessKey, AuthenticationContext, Caller } from "./caller.ts";
import type { S3Answer, StorageContext } from "./context.ts";
import { answerPreflight } from "./cors.ts";
import { checkExpectedOwner } from "./expected-owner.ts";
import { receiveForm } from "./form-upload.ts";
import type { Target } from "./operation.ts";
import { isStorageOperation, storageHandlers } from "./operations/handlers.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { refuseUnknownHeaders } from "./request-headers.ts";
import { s3Error } from "./s3-error.ts";
import type { BucketSettings } from "./settings/bucket-settings.ts";
import { authenticate } from "./signature.ts";
import { answerLike, refuseLike, type StoreManner } from "./store-manner.ts";
import { readVerified, verifiedBody } from "./verified-body.ts";

/** What all requests of a sandbox have in common. */
export interface S3World {
  readonly region: string;
  readonly buckets: BucketStore;
  readonly settings: BucketSettings;
  readonly keys: (accessKeyId: string) => AccessKey | undefined;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Undefined: as S3 itself. */
  readonly like?: StoreManner | undefined;
}

/** The body as it comes off the wire, and how to ask for it when the client waits to be asked. */
export interface Arrival {
  readonly message: IncomingMessage;
  openBody(): Readable;
}

/** @throws S3Error */
export async function answerRequest(
  world: S3World,
  received: ReceivedRequest,
  target: Target,
  arrival: Arrival,
): Promise<S3Answer> {
  const { operation, bucket, key } = target;
  if (operation === "PreflightRequest") return await preflight(world, received, target);
  const authentication: AuthenticationContext = { region: world.region, keys: world.keys, now: world.now() };
  // a form carries its signature among its fields
  const caller: Caller =
    operation === "PostObject"
      ? { kind: "anonymous", payload: { kind: "unsigned" } }
      : requireSigner(authenticate(received, authentication));
  refuseUnknownHeaders(operation, received);
  refuseLike(world.like, operation, received);
  checkExpectedOwner(received.headers);
  if (bucket !== "" && operation !== "CreateBucket") world.buckets.find(bucket);

  const withBody = (): ReceivedRequest => ({ ...received, stream: arrival.openBody() });
  const context: StorageContext = {
    ...world,
    request: received,
    operation,
    bucket,
    key,
    caller,
    body: (expectations) => verifiedBody(withBody(), caller, expectations),
    readText: async (maxBytes, expectations) =>
      (await readVerified(withBody(), caller, { ...expectations, maxBytes })).toString(),
    form: async (expectations) => {
      const form = await receiveForm(withBody(), bucket, authentication, expectations);
      requireSigner(form.caller);
      refuseUnknownHeaders(operation, { headers: Object.fromEntries(form.fields), query: new Map() });
      return form;
    },
  };
  const answer = isStorageOperation(operation)
    ? await storageHandlers[operation](context)
    : await world.settings.answer(context);
  return answerLike(world.like, answer);
}

/** Policies and ACLs are kept and not evaluated, so nobody without a signature can be let in. */
function requireSigner(caller: Caller): Caller {
  if (caller.kind === "anonymous") throw s3Error("AccessDenied");
  return caller;
}

async function preflight(world: S3World, { headers }: ReceivedRequest, { bucket, key }: Target): Promise<S3Answer> {
  if (bucket !== "") world.buckets.find(bucket);
  const rules = bucket === "" ? undefined : await world.settings.corsRules(bucket);
  return answerPreflight(rules, headers, key === "" ? "BUCKET" : "OBJECT");
}
