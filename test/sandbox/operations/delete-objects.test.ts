import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { elementsOf, outcomeOf, useSandbox } from "../../support/running-sandbox.ts";

const { send } = useSandbox();

const digestOf = (body: string) => ({ "content-md5": createHash("md5").update(body).digest("base64") });
const deleteMany = (body: string) => send("POST /drop?delete=", digestOf(body), body);

describe("DeleteObject", () => {
  test("is done, also a second time", async () => {
    await send("PUT /drop/a", {}, "a");
    expect(await send("DELETE /drop/a")).toMatchObject({ status: 204, body: "" });
    expect(outcomeOf(await send("HEAD /drop/a"))).toBe("404");
    expect((await send("DELETE /drop/a")).status).toBe(204);
  });

  test("on a condition is not imitated", async () => {
    expect(outcomeOf(await send("DELETE /drop/a", { "if-match": "*" }))).toBe("501 NotImplemented");
  });
});

describe("DeleteObjects", () => {
  test("deletes what is there, and names what is not there either", async () => {
    await send("PUT /drop/a%26b", {}, "a");
    const { body } = await deleteMany(
      "<Delete><Object><Key>a&amp;b</Key></Object><Object><Key>none</Key></Object></Delete>",
    );
    expect(elementsOf(body, "Key")).toEqual(["a&amp;b", "none"]);
    expect(outcomeOf(await send("HEAD /drop/a%26b"))).toBe("404");
  });

  test("says nothing when it shall be quiet", async () => {
    const { body } = await deleteMany("<Delete><Quiet>true</Quiet><Object><Key>a</Key></Object></Delete>");
    expect(elementsOf(body, "Key")).toEqual([]);
  });

  test.for([
    ["a list of nothing", "<Delete/>", "400 MalformedXML"],
    ["more than a thousand", `<Delete>${"<Object><Key>a</Key></Object>".repeat(1001)}</Delete>`, "400 MalformedXML"],
    ["an object without a key", "<Delete><Object/></Delete>", "400 MalformedXML"],
    ["a version", "<Delete><Object><Key>a</Key><VersionId>1</VersionId></Object></Delete>", "501 NotImplemented"],
  ] as const)("refuses %s", async ([, body, outcome]) => {
    expect(outcomeOf(await deleteMany(body))).toBe(outcome);
  });

  test("refuses a list that may have been damaged on its way", async () => {
    const body = "<Delete><Object><Key>a</Key></Object></Delete>";
    expect(outcomeOf(await send("POST /drop?delete=", {}, body))).toBe("400 InvalidRequest");
    expect(outcomeOf(await send("POST /drop?delete=", digestOf("other"), body))).toBe("400 BadDigest");
  });
});
