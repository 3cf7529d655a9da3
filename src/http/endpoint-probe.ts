/**
 * Asks a presign endpoint what no honest client would, and notes what it does. It looks and judges nothing; the rules do
 * that. Nothing is uploaded unless that was asked for, and no multipart upload is begun, because it would stay behind.
 */
import * as v from "valibot";
import type { EndpointFacts, EndpointProbe, NameAnswer, ProbeAnswer } from "../audit/endpoint-facts.ts";
import { hostileNames, longestLifeSeconds, oversizedBytes } from "../audit/hostile-names.ts";
import { S3upError } from "../errors.ts";
import { type Capabilities, capabilitiesSchema } from "../protocol/messages.ts";
import { SendFailure } from "../upload/transport.ts";
import { mayTravel } from "../upload/trust.ts";
import { endpointUnreachable, readJson } from "./endpoint-errors.ts";
import type { WebSender } from "./part-sender.ts";
import { articleBody, type PlainRequest, probeContent, version1Body } from "./probe-bodies.ts";
import { type Asked, type Asker, type AskerOptions, type Authorize, createAsker } from "./probe-request.ts";
import { findForms, type Spoken } from "./probed-forms.ts";
import type { ProbedUpload } from "./probed-upload.ts";

export interface ProbeOptions extends AskerOptions {
  /** Undefined: nobody signs in, and an endpoint that insists on it is asked no further. */
  readonly authorize?: Authorize | undefined;
  /** True: upload a few bytes to a signed address, twice. */
  readonly upload: boolean;
}

/** @throws S3upError USAGE, NETWORK, ACCESS_DENIED for a sign-in that is refused, ENDPOINT_ERROR where nothing signs */
export async function probeEndpoint(options: ProbeOptions): Promise<EndpointProbe> {
  const { url, host } = addressOf(options);
  let requests = 0;
  const asker = createAsker({ ...options, url, sender: counted(options.sender, () => (requests += 1)) });

  const said = await capabilitiesOf(asker, host);
  const spoken = await findForms(asker, { said, authorize: options.authorize, host });
  const [plain] = spoken.answers;
  const more = plain === undefined ? undefined : await askFurther(asker, spoken);
  const preflights = await askAsBrowser(asker, url, plain);
  const replay = options.upload && plain !== undefined ? await uploadTwice(asker, plain, spoken.request) : undefined;

  const uploads = [...spoken.answers, ...(more?.uploads ?? [])].map(({ facts }) => facts);
  const { anonymous, forms } = spoken;
  return {
    facts: {
      url,
      anonymous,
      forms,
      uploads,
      names: more?.names ?? [],
      ...(more?.oversized === undefined ? {} : { oversized: more.oversized }),
      ...preflights,
      ...(replay === undefined ? {} : { replay }),
    },
    requests,
    ...(plain !== undefined && isSuccess(replay?.first) ? { stored: storedAs(plain) } : {}),
  };
}

/** @throws S3upError USAGE for a token that would travel in the clear */
function addressOf({ url: text, authorize }: ProbeOptions): { readonly url: string; readonly host: string } {
  const { origin, pathname, host } = new URL(text);
  if (authorize !== undefined && !mayTravel(origin)) {
    throw new S3upError("USAGE", `The endpoint ${host} is plain HTTP.`, {
      why: "A token or signature sent to it could be read and used by others.",
      hint: "Use https://, or probe it without signing in.",
    });
  }
  return { url: `${origin}${pathname.replace(/\/+$/, "")}`, host };
}

/** Undefined for an endpoint that does not say, such as the article's. @throws S3upError NETWORK */
async function capabilitiesOf(asker: Asker, host: string): Promise<Capabilities | undefined> {
  const sent = await asker.get();
  if (sent instanceof SendFailure) throw endpointUnreachable(sent, host);
  const parsed = v.safeParse(capabilitiesSchema, readJson(sent.body));
  return parsed.success ? parsed.output : undefined;
}

interface FurtherAnswers {
  readonly uploads: readonly ProbedUpload[];
  readonly names: readonly NameAnswer[];
  readonly oversized: ProbeAnswer | undefined;
}

async function askFurther(asker: Asker, spoken: Spoken): Promise<FurtherAnswers> {
  const { request, said, authorize } = spoken;
  const version1 = spoken.forms.includes("v1");
  const post = (changes: { readonly fileName?: string; readonly [member: string]: unknown }, asked: Kind) =>
    asker.post(
      version1 ? version1Body(request, said, changes) : articleBody({ ...request, ...changes }),
      version1 ? asked : "article",
      authorize,
    );

  const again = [await post({ expiresIn: longestLifeSeconds }, "long-life")];
  if (said?.modes.includes("post")) again.push(await post({ mode: "post" }, "form"));
  const oversized = version1 ? (await post({ size: oversizedBytes }, "v1")).answer : undefined;
  const names: NameAnswer[] = [];
  for (const { id, fileName } of hostileNames) names.push(nameAnswer(id, await post({ fileName }, "v1")));
  return { uploads: again.flatMap(({ upload }) => (upload === undefined ? [] : [upload])), names, oversized };
}

type Kind = "v1" | "long-life" | "form";

function nameAnswer(name: string, { answer, upload }: Asked): NameAnswer {
  return { name, answer, ...(upload === undefined ? {} : { key: upload.facts.key }) };
}

/** At the endpoint, and at the storage that its address leads to. */
async function askAsBrowser(
  asker: Asker,
  url: string,
  plain: ProbedUpload | undefined,
): Promise<Pick<EndpointFacts, "preflight" | "bucketPreflight">> {
  const preflight = await asker.preflight(url, "POST");
  const storage = plain?.facts.secure ? plain.address.url.replace(/[?#].*$/s, "") : undefined;
  const bucketPreflight = storage === undefined ? undefined : await asker.preflight(storage, "PUT");
  return {
    ...(preflight === undefined ? {} : { preflight }),
    ...(bucketPreflight === undefined ? {} : { bucketPreflight }),
  };
}

/** The second one must be refused, or whoever sees the address can replace what was uploaded. */
async function uploadTwice(asker: Asker, { facts, address }: ProbedUpload, { contentType }: PlainRequest) {
  // to plain HTTP beyond this machine nothing is sent, not even a probe
  if (!facts.secure) return undefined;
  const request = {
    method: "PUT",
    url: address.url,
    headers: { "content-type": contentType, ...address.headers },
  } as const;
  const body = Buffer.from(probeContent);
  const first = await asker.send(request, body);
  const second = first instanceof SendFailure ? first : await asker.send(request, body);
  if (first instanceof SendFailure || second instanceof SendFailure) return undefined;
  return { first: first.status, second: second.status };
}

function storedAs({ facts }: ProbedUpload): NonNullable<EndpointProbe["stored"]> {
  return { bucket: facts.bucket, key: facts.key, bytes: Buffer.byteLength(probeContent) };
}

function isSuccess(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status < 300;
}

function counted(sender: WebSender, onRequest: () => void): WebSender {
  return {
    send: (request, body, options) => {
      onRequest();
      return sender.send(request, body, options);
    },
    close: () => sender.close(),
  };
}
