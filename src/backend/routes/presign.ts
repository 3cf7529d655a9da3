import { articleRequestSchema, type PostAnswer, type PutAnswer, uploadRequestSchema } from "../../protocol/messages.ts";
import { type GrantPlace, grantArticle, grantUpload, type PostGrant, type PutGrant } from "../../signing/grant.ts";
import { putObject } from "../../signing/s3-requests.ts";
import { parseRequest } from "../request-body.ts";
import type { Call, Outcome } from "./call.ts";
import { commonAnswer } from "./common-answer.ts";
import { createMultipart } from "./create.ts";
import { placeOf } from "./place.ts";

/** `POST /presign`: one object. A body without `v` is the article's own short form. */
export async function presign(call: Call): Promise<Outcome> {
  return "v" in call.json ? presignVersion1(call) : presignArticle(call);
}

/** `POST /presign/multipart`: the same request with its mode fixed. */
export async function presignMultipart(call: Call): Promise<Outcome> {
  return presignVersion1({ ...call, json: { v: 1, ...call.json, mode: "multipart" } });
}

async function presignArticle(call: Call): Promise<Outcome> {
  const request = parseRequest(articleRequestSchema, call.json);
  const place: GrantPlace = { subjectHash: call.subjectHash, date: call.now, id: call.ports.newId() };
  const answer = await signPut(call, grantArticle(request, call.settings, place));
  // The two members that the article's client reads come first, for whoever looks at the answer.
  const { uploadUrl, key, ...more } = answer;
  return { status: 200, body: { uploadUrl, key, ...more }, about: { key } };
}

async function presignVersion1(call: Call): Promise<Outcome> {
  const request = parseRequest(uploadRequestSchema, call.json);
  const place = placeOf(call, request);
  const grant = grantUpload(request, call.settings, place);
  if (grant.mode === "multipart") return createMultipart(call, grant, place);
  return grant.mode === "post" ? postOutcome(call, grant) : putOutcome(call, grant);
}

async function putOutcome(call: Call, grant: PutGrant): Promise<Outcome> {
  return { status: 200, body: await signPut(call, grant), about: { key: grant.key, size: grant.contentLength } };
}

async function signPut(call: Call, grant: PutGrant): Promise<PutAnswer> {
  const { key, contentType, contentLength, checksum, metadata, oneTime } = grant;
  const signed = await call.ports.signer.sign(
    putObject({
      bucket: call.settings.bucket,
      key,
      contentType,
      contentLength,
      checksum,
      headers: metadata,
      ifNoneMatch: oneTime ? "*" : undefined,
    }),
    grant.expiresInSeconds,
  );
  const { v, ...common } = commonAnswer(call, key, signed.expiresIn);
  return {
    v,
    mode: "put",
    uploadUrl: signed.url,
    ...common,
    method: "PUT",
    headers: signed.headers,
    ...(contentLength === undefined ? {} : { contentLength }),
    signedHeaders: signedHeadersOf(signed.url),
    oneTime,
  };
}

async function postOutcome(call: Call, grant: PostGrant): Promise<Outcome> {
  const { key, contentType, metadata, minSize, maxSize } = grant;
  const form = await call.ports.signer.signForm(
    { bucket: call.settings.bucket, key, fields: { "Content-Type": contentType, ...metadata }, minSize, maxSize },
    grant.expiresInSeconds,
  );
  const { v, ...common } = commonAnswer(call, key, form.expiresIn);
  const body: PostAnswer = {
    v,
    mode: "post",
    uploadUrl: form.url,
    ...common,
    method: "POST",
    fields: { ...form.fields },
    fileField: "file",
    minSize,
    maxSize,
  };
  return { status: 200, body, about: { key, size: maxSize } };
}

/** Read back from the URL, so that the answer cannot claim what the signature does not hold. */
function signedHeadersOf(url: string): string[] {
  return (new URL(url).searchParams.get("X-Amz-SignedHeaders") ?? "").split(";");
}
