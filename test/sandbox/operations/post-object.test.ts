import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { elementOf, outcomeOf, sdkClient, useSandbox, type WireAnswer } from "../../support/running-sandbox.ts";

const running = useSandbox();
const { send } = running;
let client: ReturnType<typeof sdkClient>;

beforeAll(() => {
  client = sdkClient(running.sandbox);
});
afterAll(() => client.destroy());

/** A form as the SDK signs it, sent as a browser sends it. */
async function post(
  fields: Readonly<Record<string, string>>,
  file = "hello",
  change: (fields: Record<string, string>) => void = () => undefined,
): Promise<WireAnswer & { location: string | null }> {
  const { key = "form", ...others } = fields;
  const signed = await createPresignedPost(client, {
    Bucket: "drop",
    Key: key,
    Fields: others,
    Conditions: [
      ["content-length-range", 1, 100],
      ["starts-with", "$Content-Type", "text/"],
    ],
    Expires: 60,
  });
  const sent = { ...signed.fields };
  change(sent);
  const form = new FormData();
  for (const [name, value] of Object.entries(sent)) form.set(name, value);
  form.set("file", new Blob([file]), "photo.png");
  const response = await fetch(signed.url, { method: "POST", body: form, redirect: "manual" });
  const headers = Object.fromEntries(response.headers);
  return { status: response.status, headers, body: await response.text(), location: response.headers.get("location") };
}

const text = { "Content-Type": "text/plain" };

test("a form stores its file with what its fields say", async () => {
  const answer = await post({ ...text, key: "form", "x-amz-meta-from": "browser", "Cache-Control": "no-store" });
  expect(answer).toMatchObject({ status: 204, body: "" });
  expect(answer.headers.etag).toBe('"5d41402abc4b2a76b9719d911017c592"');
  const stored = await send("GET /drop/form", { "x-amz-checksum-mode": "ENABLED" });
  expect(stored.body).toBe("hello");
  expect(stored.headers).toMatchObject({
    "content-type": "text/plain",
    "cache-control": "no-store",
    "x-amz-meta-from": "browser",
    "x-amz-checksum-crc64nvme": "M3eFcAZSQlc=",
  });
});

test("the file's name goes into the key", async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: S3's placeholder
  await post({ ...text, key: "named/${filename}" });
  expect((await send("GET /drop/named/photo.png")).body).toBe("hello");
});

describe("the answer to a success", () => {
  test("is a document on request", async () => {
    const { status, body } = await post({ ...text, success_action_status: "201" });
    expect(status).toBe(201);
    expect(elementOf(body, "Key")).toBe("form");
    expect(elementOf(body, "ETag")).toBe("&quot;5d41402abc4b2a76b9719d911017c592&quot;");
  });

  test("is a way to another page on request", async () => {
    const { status, location } = await post({ ...text, success_action_redirect: "http://app.test/done?a=1" });
    expect(status).toBe(303);
    expect(location).toBe("http://app.test/done?a=1&bucket=drop&key=form&etag=%225d41402abc4b2a76b9719d911017c592%22");
  });
});

describe("a form is refused", () => {
  test.for([
    ["with a file that is too big", text, "x".repeat(101), "400 EntityTooLarge"],
    ["with a file that is too small", text, "", "400 EntityTooSmall"],
    ["with another type than it was signed for", { "Content-Type": "image/png" }, "hello", "403 AccessDenied"],
    ["with metadata that is too big", { ...text, "x-amz-meta-a": "x".repeat(2048) }, "hello", "400 MetadataTooLarge"],
    ["with a key that is too long", { ...text, key: "k".repeat(1025) }, "hello", "400 KeyTooLongError"],
    ["with a public ACL", { ...text, acl: "public-read" }, "hello", "400 AccessControlListNotSupported"],
    [
      "with a field that is not imitated",
      { ...text, "x-amz-website-redirect-location": "/" },
      "hello",
      "501 NotImplemented",
    ],
  ] as const)("%s", async ([, fields, file, outcome]) => {
    expect(outcomeOf(await post({ key: "refused", ...fields }, file))).toBe(outcome);
    expect((await send("HEAD /drop/refused")).status).toBe(404);
  });

  test("when somebody changed it", async () => {
    const change = (fields: Record<string, string>) => {
      fields.key = "other";
    };
    expect(outcomeOf(await post(text, "hello", change))).toBe("403 AccessDenied");
  });

  test("without a signature", async () => {
    const change = (fields: Record<string, string>) => {
      for (const name of Object.keys(fields)) if (/^(x-amz-|policy)/i.test(name)) delete fields[name];
    };
    expect(outcomeOf(await post(text, "hello", change))).toBe("403 AccessDenied");
  });
});
