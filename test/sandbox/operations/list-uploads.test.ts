import { beforeAll, expect, test } from "vitest";
import { beginUpload } from "../../support/multipart-uploads.ts";
import { elementOf, elementsOf, useSandbox } from "../../support/running-sandbox.ts";

let time = Date.now();
// one second later each time it is asked, so that the ages of uploads differ
const { send } = useSandbox({
  now: () => {
    time += 1000;
    return new Date(time);
  },
});
const ids: Record<string, string> = {};

beforeAll(async () => {
  for (const [name, key] of [
    ["b1", "b/1"],
    ["a-old", "a"],
    ["c", "c"],
    ["a-new", "a"],
    ["b2", "b/2"],
  ] as const) {
    ids[name] = await beginUpload(send, key);
  }
});

const keysOf = (body: string) => elementsOf(body, "Key");

test("lists uploads by key, those of one key by age", async () => {
  const { body } = await send("GET /drop?uploads=");
  expect(keysOf(body)).toEqual(["a", "a", "b/1", "b/2", "c"]);
  expect(elementsOf(body, "UploadId").slice(0, 2)).toEqual([ids["a-old"], ids["a-new"]]);
  expect(elementOf(body, "IsTruncated")).toBe("false");
});

test("only those below a prefix, rolled up by a delimiter", async () => {
  expect(keysOf((await send("GET /drop?prefix=b%2F&uploads=")).body)).toEqual(["b/1", "b/2"]);
  const { body } = await send("GET /drop?delimiter=%2F&uploads=");
  expect(keysOf(body)).toEqual(["a", "a", "c"]);
  expect(body).toContain("<CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes>");
});

test("goes on after key and upload, page by page", async () => {
  const found: string[] = [];
  let [key, id] = ["", ""];
  do {
    const marker = `key-marker=${encodeURIComponent(key)}`;
    const { body } = await send(`GET /drop?${marker}&max-uploads=2&upload-id-marker=${id}&uploads=`);
    found.push(...elementsOf(body, "Key"));
    [key, id] = [elementOf(body, "NextKeyMarker") ?? "", elementOf(body, "NextUploadIdMarker") ?? ""];
  } while (key !== "");
  expect(found).toEqual(["a", "a", "b/1", "b/2", "c"]);
});

test("a key alone says that all its uploads were listed", async () => {
  expect(keysOf((await send("GET /drop?key-marker=a&uploads=")).body)).toEqual(["b/1", "b/2", "c"]);
});
