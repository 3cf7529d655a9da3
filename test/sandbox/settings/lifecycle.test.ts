import { describe, expect, test } from "vitest";
import { digest, plain, settingsUnderTest } from "../../support/bucket-settings.ts";

const abort =
  "<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>";
const good = { id: "<ID>a</ID>", filter: "<Filter/>", status: "<Status>Enabled</Status>", action: abort };
const rule = (changes: Partial<typeof good> = {}) => {
  const { id, filter, status, action } = { ...good, ...changes };
  return `<Rule>${id}${filter}${status}${action}</Rule>`;
};
const document = (...rules: string[]) => `<LifecycleConfiguration>${rules.join("")}</LifecycleConfiguration>`;
const tag = "<Tag><Key>a</Key><Value>b</Value></Tag>";
const expires = (what: string) => `<Expiration>${what}</Expiration>`;

describe("a rule is taken", () => {
  test.for<[string, string]>([
    ["as it should be", rule()],
    ["with the older prefix", rule({ filter: "<Prefix>tmp/</Prefix>" })],
    [
      "with several conditions",
      rule({ filter: `<Filter><And><Prefix>a</Prefix>${tag}</And></Filter>`, action: expires("<Days>3</Days>") }),
    ],
    ["with a date", rule({ action: expires("<Date>2030-01-01T00:00:00.000Z</Date>") })],
    [
      "with a transition",
      rule({ action: "<Transition><Days>0</Days><StorageClass>GLACIER_IR</StorageClass></Transition>" }),
    ],
  ])("%s", async ([, text]) => {
    const { send } = await settingsUnderTest();
    expect(await send("PutBucketLifecycleConfiguration", document(text))).toMatchObject({ status: 200 });
    expect(plain((await send("GetBucketLifecycleConfiguration")).body)).toBe(document(text));
  });

  test("a thousand times, and not once more", async () => {
    const { send } = await settingsUnderTest();
    const rules = Array.from({ length: 1001 }, (_, index) => rule({ id: `<ID>${index}</ID>` }));
    expect(await send("PutBucketLifecycleConfiguration", document(...rules))).toMatchObject({ code: "MalformedXML" });
    expect(await send("PutBucketLifecycleConfiguration", document(...rules.slice(1)))).toMatchObject({ status: 200 });
  });

  test("and named when it has no name, the same each time", async () => {
    const { send } = await settingsUnderTest();
    const shown = async () => {
      await send("PutBucketLifecycleConfiguration", document(rule({ id: "" })));
      return (await send("GetBucketLifecycleConfiguration")).body;
    };
    const first = await shown();
    expect(first).toMatch(/<Rule><ID>[0-9a-f]{48}<\/ID>/);
    expect(await shown()).toBe(first);
  });
});

describe("a rule is refused", () => {
  test.for<[string, string, string, string]>([
    ["without an action", rule({ action: "" }), "InvalidRequest", "At least one action"],
    ["without a status", rule({ status: "" }), "MalformedXML", ""],
    ["with a status nobody knows", rule({ status: "<Status>On</Status>" }), "MalformedXML", ""],
    ["without a filter", rule({ filter: "" }), "MalformedXML", ""],
    ["with filter and prefix", rule({ filter: "<Filter/><Prefix/>" }), "MalformedXML", ""],
    [
      "with two conditions outside And",
      rule({ filter: `<Filter><Prefix>a</Prefix>${tag}</Filter>` }),
      "MalformedXML",
      "",
    ],
    ["after no days", rule({ action: abort.replace(">1<", ">0<") }), "InvalidArgument", "positive integer"],
    ["expiring after no days", rule({ action: expires("<Days>0</Days>") }), "InvalidArgument", "'Days' for Expiration"],
    ["expiring twice", rule({ action: expires("<Days>1</Days><Date>2030-01-01</Date>") }), "MalformedXML", ""],
    ["at noon", rule({ action: expires("<Date>2030-01-01T12:00:00Z</Date>") }), "InvalidArgument", "midnight"],
    ["on no date", rule({ action: expires("<Date>tomorrow</Date>") }), "MalformedXML", ""],
    ["aborting by tag", rule({ filter: `<Filter>${tag}</Filter>` }), "InvalidRequest", "with Tags"],
    [
      "aborting by tag within And",
      rule({ filter: `<Filter><And>${tag}</And></Filter>` }),
      "InvalidRequest",
      "with Tags",
    ],
    [
      "aborting by size",
      rule({ filter: "<Filter><ObjectSizeGreaterThan>5</ObjectSizeGreaterThan></Filter>" }),
      "InvalidRequest",
      "with Object Size",
    ],
    ["of the same name", rule() + rule({ filter: "<Prefix>b</Prefix>" }), "InvalidArgument", "unique"],
    ["with a name that is too long", rule({ id: `<ID>${"a".repeat(256)}</ID>` }), "MalformedXML", ""],
    ["when there is none", "", "MalformedXML", ""],
  ])("%s", async ([, text, code, message]) => {
    const { send } = await settingsUnderTest();
    expect(await send("PutBucketLifecycleConfiguration", document(text))).toMatchObject({
      status: 400,
      code,
      message: expect.stringContaining(message),
    });
  });
});

test("the least size of a transition goes in and out as a header", async () => {
  const header = "x-amz-transition-default-minimum-object-size";
  const { send } = await settingsUnderTest();
  await send("PutBucketLifecycleConfiguration", document(rule()));
  expect((await send("GetBucketLifecycleConfiguration")).headers?.[header]).toBe("all_storage_classes_128K");
  await send("PutBucketLifecycleConfiguration", document(rule()), { ...digest, [header]: "varies_by_storage_class" });
  expect((await send("GetBucketLifecycleConfiguration")).headers?.[header]).toBe("varies_by_storage_class");
  expect(
    await send("PutBucketLifecycleConfiguration", document(rule()), { ...digest, [header]: "tiny" }),
  ).toMatchObject({ code: "InvalidRequest" });
});
