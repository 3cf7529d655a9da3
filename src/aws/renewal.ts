/**
 * What S3's refusals teach: that the credentials have expired, that the clock is wrong, that the bucket is in another
 * region. Whoever signs afterwards, the SDK or s3up itself, does it with what was learned.
 */
import { HeadBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import type { HandlerExecutionContext, InitializeHandler, MetadataBearer } from "@smithy/types";
import type { SignedRequest } from "../protocol/messages.ts";
import { readS3Error, type S3ErrorAnswer } from "../signing/s3-answers.ts";
import type { SentAnswer } from "../upload/transport.ts";
import type { CredentialSource, UsedIdentity } from "./credential-source.ts";
import { serviceAnswerIn, withSdkErrors } from "./sdk-errors.ts";

/** Said once, to people. */
export interface Notice {
  readonly message: string;
  readonly hint?: string;
}

export interface RenewalOptions {
  readonly client: S3Client;
  /** Undefined where nothing is signed. */
  readonly credentials: CredentialSource | undefined;
  readonly bucket: string;
  readonly region: { get(): string; set(region: string): void };
  readonly now: () => Date;
  readonly tell: (notice: Notice) => void;
}

export interface Renewal {
  /** True when the request may fare better under another signature. */
  afterAnswer(answer: SentAnswer, refused: SignedRequest): Promise<boolean>;
}

/** What is known of one refusal, whoever sent the request. */
interface Refusal {
  readonly status: number;
  readonly code: string | undefined;
  readonly message: string | undefined;
  /** That S3 named. */
  readonly region: string | undefined;
  readonly signedRegion: string | undefined;
  readonly identity: UsedIdentity | undefined;
}

const expiredCodes = new Set(["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"]);
const elsewhereCodes = new Set([
  "PermanentRedirect",
  "AuthorizationHeaderMalformed",
  "AuthorizationQueryParametersError",
  "IllegalLocationConstraintException",
]);
/** S3 allows 15 minutes; less than this is the time that a request takes. */
const smallestSkewMs = 4 * 60_000;
/** A request that S3 takes to be from the past or the future; S3 gives both the code AccessDenied. */
const isLate = /expired|not (yet )?valid/i;
/** Refusals of one call that are learned from. */
const mostLessons = 3;

/** The client's own calls learn as well: they are made again when something was learned. */
export function createRenewal(options: RenewalOptions): Renewal {
  const { client, now } = options;
  const learn = createLearner(options);
  const noteClock = createClockNotice(options.tell);
  repeatLessons(client, async (error) => {
    const { status = 0, code, region } = serviceAnswerIn(error);
    const message = error instanceof Error ? error.message : undefined;
    return learn({ status, code, message, region, signedRegion: undefined, identity: options.credentials?.last() });
  });

  return {
    async afterAnswer(answer, refused) {
      const said = readS3Error(answer.body);
      const signed = new URL(refused.url).searchParams;
      const [accessKeyId = "", , signedRegion] = (signed.get("X-Amz-Credential") ?? "").split("/");
      const offset = skewOf(answer, said, now());
      if (offset !== undefined && Math.abs(offset - client.config.systemClockOffset) >= smallestSkewMs) {
        client.config.systemClockOffset = offset;
        noteClock(offset);
        return true;
      }
      return learn({
        status: answer.status,
        code: said?.code,
        message: said?.message,
        region: answer.headers["x-amz-bucket-region"] ?? said?.region,
        signedRegion,
        identity: { accessKeyId, sessionToken: signed.get("X-Amz-Security-Token") ?? undefined },
      });
    },
  };
}

function createLearner({ client, credentials, bucket, region, tell }: RenewalOptions) {
  let asked: Promise<string | undefined> | undefined;

  async function learnRegion(refusal: Refusal): Promise<boolean> {
    const said = refusal.region ?? regionIn(refusal.message);
    if (said === undefined) asked ??= askRegion(client, bucket);
    const named = said ?? (await asked);
    const signed = refusal.signedRegion ?? region.get();
    if (named === undefined || !/^[a-z0-9-]{1,63}$/.test(named)) return false;
    if (named !== region.get()) {
      const before = region.get();
      region.set(named);
      tell({
        message: `The bucket ${bucket} is in ${named}, not in ${before}: going on there.`,
        hint: `Use --region ${named} to begin there.`,
      });
      return true;
    }
    return named !== signed;
  }

  return async (refusal: Refusal): Promise<boolean> => {
    const { status, code = "", identity } = refusal;
    if (expiredCodes.has(code)) {
      if (credentials === undefined || identity === undefined) return false;
      return withSdkErrors({ operation: "sign" }, () => credentials.renew(identity));
    }
    if (elsewhereCodes.has(code) || status === 301) return learnRegion(refusal);
    return false;
  };
}

/** Milliseconds to be added to the clock; undefined where the refusal is not about time. */
function skewOf({ status, headers }: SentAnswer, said: S3ErrorAnswer | undefined, now: Date): number | undefined {
  const { code = "", message = "", serverTime } = said ?? {};
  const aboutTime = code.startsWith("RequestTimeTooSkewed") || code === "RequestExpired" || isLate.test(message);
  const server = Date.parse(serverTime ?? headers.date ?? "");
  if (status < 400 || !aboutTime || expiredCodes.has(code) || Number.isNaN(server)) return undefined;
  return server - now.getTime();
}

function createClockNotice(tell: RenewalOptions["tell"]): (offsetMs: number) => void {
  let told = false;
  return (offsetMs) => {
    if (told) return;
    told = true;
    const minutes = Math.round(Math.abs(offsetMs) / 60_000);
    tell({
      message: `The clock of this machine is ${minutes} minutes ${offsetMs > 0 ? "behind" : "ahead of"} S3's: signing with S3's time.`,
      hint: "Set the clock, for instance by turning on time synchronisation.",
    });
  };
}

/** Before the SDK resolves the endpoint and signs, so that a second run does both anew. */
function repeatLessons(client: S3Client, learn: (error: unknown) => Promise<boolean>): void {
  client.middlewareStack.add(
    <Input extends object, Output extends MetadataBearer>(
      next: InitializeHandler<Input, Output>,
      context: HandlerExecutionContext,
    ): InitializeHandler<Input, Output> =>
      async (args) => {
        for (let lessons = 1; ; lessons += 1) {
          try {
            return await next(args);
          } catch (error) {
            // This call is how a region is asked for.
            const last = lessons > mostLessons || context.commandName === "HeadBucketCommand";
            if (last || !(await learn(error))) throw error;
          }
        }
      },
    { step: "initialize", priority: "high", name: "s3upRenewal" },
  );
}

function regionIn(message: string | undefined): string | undefined {
  return /expecting '([a-z0-9-]+)'/.exec(message ?? "")?.[1];
}

/** S3 names the region of a bucket also where it refuses everything else. */
async function askRegion(client: S3Client, bucket: string): Promise<string | undefined> {
  try {
    return (await client.send(new HeadBucketCommand({ Bucket: bucket }))).BucketRegion;
  } catch (error) {
    return serviceAnswerIn(error).region;
  }
}
