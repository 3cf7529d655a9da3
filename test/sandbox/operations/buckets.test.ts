import { describe, expect, test } from "vitest";
import { elementOf, elementsOf, outcomeOf, useSandbox } from "../../support/running-sandbox.ts";

const constraint = (region: string) =>
  `<CreateBucketConfiguration><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;

describe("in the first region", () => {
  const { send } = useSandbox();

  test("a bucket comes, is listed, and goes", async () => {
    expect((await send("PUT /coming")).headers.location).toBe("/coming");
    expect(elementsOf((await send("GET /")).body, "Name")).toEqual(["coming", "drop"]);
    expect((await send("HEAD /coming")).headers["x-amz-bucket-region"]).toBe("us-east-1");
    expect(elementOf((await send("GET /coming?location=")).body, "LocationConstraint")).toBeUndefined();
    expect((await send("DELETE /coming")).status).toBe(204);
    expect((await send("HEAD /coming")).status).toBe(404);
  });

  test("creating it again changes nothing", async () => {
    await send("PUT /drop/kept", {}, "kept");
    expect(outcomeOf(await send("PUT /drop"))).toBe("200");
    expect((await send("GET /drop/kept")).body).toBe("kept");
  });

  test.for([
    ["a name that is none", "PUT /Bad_Name", {}, "", "400 InvalidBucketName"],
    ["its own region by name", "PUT /named", {}, constraint("us-east-1"), "400 InvalidLocationConstraint"],
    ["another region", "PUT /named", {}, constraint("eu-central-1"), "400 IllegalLocationConstraintException"],
    ["what is no document", "PUT /named", {}, "region", "400 MalformedXML"],
    [
      "tags at once",
      "PUT /named",
      {},
      "<CreateBucketConfiguration><Tags/></CreateBucketConfiguration>",
      "501 NotImplemented",
    ],
    ["Object Lock", "PUT /named", { "x-amz-bucket-object-lock-enabled": "true" }, "", "501 NotImplemented"],
    ["an ownership that does not exist", "PUT /named", { "x-amz-object-ownership": "Mine" }, "", "400 InvalidArgument"],
  ] as const)("refuses %s", async ([, line, headers, body, outcome]) => {
    expect(outcomeOf(await send(line, headers as Record<string, string>, body))).toBe(outcome);
    expect((await send("HEAD /named")).status).toBe(404);
  });

  test("one with objects stays, one with unfinished uploads goes", async () => {
    await send("PUT /going");
    await send("PUT /going/a", {}, "a");
    await send("POST /going/b?uploads=");
    expect(outcomeOf(await send("DELETE /going"))).toBe("409 BucketNotEmpty");
    await send("DELETE /going/a");
    expect((await send("DELETE /going")).status).toBe(204);
  });

  test("the settings of a bucket go with it", async () => {
    await send("PUT /settled");
    expect((await send("DELETE /settled?publicAccessBlock=")).status).toBe(204);
    await send("DELETE /settled");
    await send("PUT /settled");
    expect((await send("GET /settled?publicAccessBlock=")).status).toBe(200);
  });

  test("a bucket is found by the name before .localhost", async () => {
    await send("PUT /drop/by-host", {}, "found");
    expect((await send("GET /by-host", { host: "drop.localhost" })).body).toBe("found");
  });
});

describe("in another region", () => {
  const { send } = useSandbox({ region: "eu-central-1" });

  test("the region must be named", async () => {
    expect(outcomeOf(await send("PUT /named"))).toBe("400 IllegalLocationConstraintException");
    expect(outcomeOf(await send("PUT /named", {}, constraint("eu-central-1")))).toBe("200");
    expect(elementOf((await send("GET /named?location=")).body, "LocationConstraint")).toBeUndefined();
    expect((await send("GET /named?location=")).body).toContain(">eu-central-1</LocationConstraint>");
  });

  test("creating it again is a conflict", async () => {
    expect(outcomeOf(await send("PUT /drop", {}, constraint("eu-central-1")))).toBe("409 BucketAlreadyOwnedByYou");
  });
});
