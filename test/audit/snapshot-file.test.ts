import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { snapshotDocuments } from "../../scripts/snapshot-documents.ts";
import { facets } from "../../src/audit/facet-access.ts";
import type { Facet } from "../../src/audit/facets.ts";
import type { BucketSnapshot, Reading } from "../../src/audit/snapshot.ts";
import { parseSnapshots, snapshotDocument } from "../../src/audit/snapshot-file.ts";
import { S3upError } from "../../src/errors.ts";
import { aBucket, unread } from "../support/audit-bucket.ts";

/** A good file with these facets, as text. */
function file(facetsOfFile: unknown, changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    v: 1,
    bucket: "drop",
    accountId: "111122223333",
    region: "eu-central-1",
    facets: facetsOfFile,
    ...changes,
  });
}

function read(facet: Facet, value: unknown): Reading<unknown> | undefined {
  return parseSnapshots(file({ [facet]: value }), "drop.json")[0]?.facets[facet];
}

/** The second line of the error: what is wrong and where. */
function refusal(text: string): string | undefined {
  try {
    parseSnapshots(text, "drop.json");
  } catch (error) {
    if (error instanceof S3upError && error.code === "CONFIG_INVALID") return error.why;
    throw error;
  }
  return undefined;
}

describe("what a file says", () => {
  test("names the bucket, its ARN, account and region, and the file as its source", () => {
    expect(parseSnapshots(file({}, { region: "cn-north-1" }), "drop.json")).toMatchObject([
      {
        bucket: "drop",
        arn: "arn:aws-cn:s3:::drop",
        accountId: "111122223333",
        region: "cn-north-1",
        source: "drop.json",
      },
    ]);
  });

  test.for([
    ["is left out", {}],
    ["is null", { accountId: null, region: null }],
  ] as const)("an account and a region that %s are not known", ([, changes]) => {
    const text = JSON.stringify({ v: 1, bucket: "drop", facets: {}, ...changes });
    expect(parseSnapshots(text, "drop.json")[0]).toMatchObject({ accountId: undefined, region: undefined });
  });

  test("every facet that is left out is not configured", () => {
    const [snapshot] = parseSnapshots(file({}), "drop.json");
    expect(Object.keys(snapshot?.facets ?? {}).sort()).toEqual([...facets].sort());
    expect(Object.values(snapshot?.facets ?? {}).every(({ state }) => state === "absent")).toBe(true);
  });

  test.for(facets)("%s can be said not to be there, and not to be readable", (facet) => {
    expect(read(facet, { absent: true })).toEqual({ state: "absent" });
    expect(read(facet, null)).toEqual({ state: "absent" });
    expect(read(facet, { unreadable: "AccessDenied" })).toEqual({ state: "unreadable", reason: "AccessDenied" });
  });

  test.for<[Facet, unknown]>([
    ["lifecycle", []],
    ["encryption", []],
    ["accessPoints", []],
    ["versioning", {}],
    ["logging", {}],
    ["notification", {}],
    ["website", {}],
    ["objectLock", {}],
  ])("%s that is %j is not configured", ([facet, value]) => {
    expect(read(facet, value)).toEqual({ state: "absent" });
  });

  test("a CORS configuration without rules is one: S3 itself knows none", () => {
    expect(read("cors", [])).toEqual({ state: "present", value: [] });
  });

  test("flags of a public access block that are left out are off", () => {
    expect(read("publicAccessBlock", { RestrictPublicBuckets: true })).toEqual({
      state: "present",
      value: { BlockPublicAcls: false, IgnorePublicAcls: false, BlockPublicPolicy: false, RestrictPublicBuckets: true },
    });
  });

  test.for<[string, unknown]>([
    ["a document", { Version: "2012-10-17", Statement: [] }],
    ["text", '{"Version":"2012-10-17"}'],
    ["text that is no JSON", "{"],
    ["a list", []],
  ])("a policy may be %s: whether it is one is not decided here", ([, policy]) => {
    expect(read("policy", policy)).toEqual({ state: "present", value: policy });
  });

  test("a signer may be a function alone, and numbers in its environment are text", () => {
    const signer = { function: { environment: { EXPIRES_IN_MAX: 300 }, url: { absent: true }, policy: null } };
    const value = { policies: [], function: { environment: { EXPIRES_IN_MAX: "300" } } };
    expect(read("signer", signer)).toEqual({ state: "present", value });
  });

  test("a byte order mark before it changes nothing", () => {
    expect(parseSnapshots(`\u{feff}${file({})}`, "drop.json")).toHaveLength(1);
  });

  test("there may be several buckets, one on each line", () => {
    const text = `${file({})}\n\n${file({ cors: { absent: true } }, { bucket: "other" })}\n`;
    expect(parseSnapshots(text, "all.jsonl").map(({ bucket }) => bucket)).toEqual(["drop", "other"]);
  });
});

describe("what is refused, and where", () => {
  test.for<[string, string, string]>([
    ["nothing", "", "The document: is empty (line 1, column 1)."],
    ["no JSON", '{"v":1,\n "bucket" "drop"}', 'bucket: a colon is expected, not "\\"" (line 2, column 11).'],
    ["a list", "[]", "v: is missing (line 1, column 1)."],
    ["another version", file({}, { v: 2 }), "v: should be 1 (line 1, column 2)."],
    ["no bucket", '{"v":1,"facets":{}}', "bucket: is missing (line 1, column 1)."],
    ["no facets", '{"v":1,"bucket":"drop"}', "facets: is missing (line 1, column 1)."],
    ["an account that is none", file({}, { accountId: "1234" }), "accountId: should be 12 digits (line 1, column 24)."],
    ["another member", file({}, { Bucket: "x" }), "Bucket: there is no such member (line 1, column 87)."],
    [
      "a member twice",
      '{"v":1,"bucket":"a","bucket":"b","facets":{}}',
      "bucket: the member is there twice (line 1, column 21).",
    ],
    [
      "a member of a policy twice",
      '{"v":1,"bucket":"a","facets":{"policy":{"Statement":[],"Statement":[]}}}',
      "facets.policy.Statement: the member is there twice (line 1, column 56).",
    ],
    [
      "a mistake on the second line of several",
      `${file({})}\n${file({}, { v: 2 })}`,
      "v: should be 1 (line 2, column 2).",
    ],
    ["deep nesting", "[".repeat(100_000), `${"[0]".repeat(65)}: is nested deeper than any policy (line 1, column 66).`],
  ])("%s", ([, text, why]) => {
    expect(refusal(text)).toBe(why);
  });

  test("a facet that does not exist, with those that do", () => {
    const why = refusal(file({ publicAcessBlock: {} }));
    expect(why).toMatch(
      /^facets\.publicAcessBlock: there is no such facet; they are publicAccessBlock, .*\(line 1, column \d+\)\.$/,
    );
    for (const facet of facets) expect(why).toContain(facet);
  });

  test.for<[Facet, unknown, string]>([
    [
      "publicAccessBlock",
      { RestrictPublicBucket: true },
      "publicAccessBlock.RestrictPublicBucket: there is no such member",
    ],
    ["publicAccessBlock", { BlockPublicAcls: "true" }, "publicAccessBlock.BlockPublicAcls: should be true or false"],
    ["organizationPublicAccessBlock", "some", 'organizationPublicAccessBlock: should be ("all" | "none")'],
    ["acl", {}, "acl.Grants: is missing"],
    ["acl", { Grants: [{ Grantee: [], Permission: "READ" }] }, "acl.Grants[0].Grantee: should be an object"],
    ["ownership", "Owner", 'ownership: should be ("BucketOwnerEnforced" | "BucketOwnerPreferred" | "ObjectWriter")'],
    ["cors", { AllowedOrigins: ["*"] }, "cors: should be a list"],
    ["cors", [{ AllowedMethods: ["PUT"] }], "cors[0].AllowedOrigins: is missing"],
    ["cors", [{ AllowedOrigins: "*", AllowedMethods: ["PUT"] }], "cors[0].AllowedOrigins: should be a list"],
    [
      "encryption",
      [{ ApplyServerSideEncryptionByDefault: {} }],
      "encryption[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm: is missing",
    ],
    ["versioning", [], "versioning: should be an object"],
    ["versioning", { Status: "On" }, 'versioning.Status: should be ("Enabled" | "Suspended")'],
    ["lifecycle", [{ Status: "Enabled", Filter: [] }], "lifecycle[0].Filter: should be an object"],
    ["lifecycle", { Rules: [{}] }, "lifecycle.Rules[0].Status: is missing"],
    ["logging", { TargetPrefix: "" }, "logging.TargetBucket: is missing"],
    ["policyStatus", { IsPublic: "no" }, "policyStatus.IsPublic: should be true or false"],
    ["accessPoints", [{}], "accessPoints[0].Name: is missing"],
    ["signer", { policy: [] }, "signer.policy: there is no such member"],
    ["signer", { function: { environment: { A: {} } } }, "signer.function.environment.A: should be text"],
    ["cors", { unreadable: 7 }, 'cors: should be {"unreadable": "the reason"}'],
    ["cors", { unreadable: "AccessDenied", rules: [] }, 'cors: should be {"unreadable": "the reason"}'],
    ["cors", { absent: false }, "cors: should be a list"],
  ])("%s: %j", ([facet, value, why]) => {
    const said = refusal(file({ [facet]: value })) ?? "";
    expect(said.replace(/ \(line \d+, column \d+\)\.$/, "")).toBe(`facets.${why}`);
  });

  test("is said in three lines, of which the last tells how to come to a good file", () => {
    try {
      parseSnapshots("", "drop.json");
      expect.fail("an empty file was taken");
    } catch (error) {
      expect(error).toMatchObject({
        code: "CONFIG_INVALID",
        message: "The snapshot drop.json cannot be used.",
        hint: expect.stringContaining("--save-snapshot"),
      });
    }
  });

  test("whatever else it holds, a file is refused with a reason or read, and nothing else happens", () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((json) => file({ cors: json })),
      fc.jsonValue().map((value) => file(value)),
    );
    const facetsOfAnyKind = fc.dictionary(fc.constantFrom(...facets), fc.jsonValue()).map((value) => file(value));
    fc.assert(
      fc.property(fc.oneof(hostile, facetsOfAnyKind), (text) => {
        try {
          for (const { facets: read } of parseSnapshots(text, "f"))
            expect(Object.keys(read)).toHaveLength(facets.length);
        } catch (error) {
          expect(error).toMatchObject({ code: "CONFIG_INVALID" });
        }
      }),
    );
  });
});

describe("a file that was written", () => {
  const full = aBucket({
    publicAccessBlock: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: true,
    },
    accountPublicAccessBlock: unread("AccessDenied"),
    organizationPublicAccessBlock: "all",
    policy: { Version: "2012-10-17", Statement: [] },
    policyStatus: { IsPublic: false },
    acl: { Owner: { ID: "a" }, Grants: [{ Grantee: { Type: "CanonicalUser", ID: "a" }, Permission: "FULL_CONTROL" }] },
    ownership: "ObjectWriter",
    cors: [
      { AllowedOrigins: ["https://app.example"], AllowedMethods: ["PUT"], ExposeHeaders: ["ETag"], MaxAgeSeconds: 300 },
    ],
    encryption: [
      {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" },
        BlockedEncryptionTypes: { EncryptionType: ["SSE-C"] },
      },
    ],
    versioning: { Status: "Enabled" },
    lifecycle: [
      { Status: "Enabled", Filter: { Prefix: "uploads/" }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
    ],
    logging: { TargetBucket: "logs", TargetPrefix: "" },
    website: { IndexDocument: { Suffix: "index.html" } },
    notification: { QueueConfigurations: [{ Id: "q", Events: ["s3:ObjectCreated:*"] }], EventBridgeConfiguration: {} },
    objectLock: { ObjectLockEnabled: "Enabled" },
    accessPoints: [
      { Name: "in", NetworkOrigin: "VPC", PublicAccessBlockConfiguration: { BlockPublicAcls: true }, Policy: "{" },
    ],
    signer: {
      roleArn: "arn:aws:iam::111122223333:role/signer",
      policies: [{ name: "inline", document: {} }],
      permissionsBoundary: {},
      trust: "{}",
      function: {
        environment: { EXPIRES_IN_MAX: "900" },
        url: { AuthType: "NONE" },
        policy: {},
        cors: { AllowOrigins: ["*"] },
      },
    },
  });

  test("is read as what was written", () => {
    const text = JSON.stringify(snapshotDocument(full));
    expect(parseSnapshots(text, "live")).toEqual([full]);
  });

  test("follows the schema that is shipped, and the schema refuses what is none", () => {
    const schema = snapshotDocuments().get("docs/schemas/snapshot.schema.json") ?? "";
    const isValid = new Ajv({ strict: false }).compile(JSON.parse(schema));
    expect(isValid(JSON.parse(JSON.stringify(snapshotDocument(full))))).toBe(true);
    expect(isValid({ v: 1, bucket: "drop", facets: { publicAcessBlock: {} } })).toBe(false);
    expect(isValid({ v: 1, bucket: "drop", facets: { cors: { unreadable: 7 } } })).toBe(false);
  });

  test("does not say of a facet that nobody read that it is not there", () => {
    const { facets: written } = snapshotDocument(aBucket({ cors: unread("NotRead") })) as { facets: object };
    expect(written).toEqual({ cors: { unreadable: "NotRead" } });
  });

  test("holds no secret of the function's environment", () => {
    const environment = {
      BUCKET: "drop",
      TOKEN_SECRET: "hunter2",
      DATABASE_URL: "postgres://me:hunter2@db",
      API_KEY: "hunter2",
    };
    const text = JSON.stringify(snapshotDocument(aBucket({ signer: { policies: [], function: { environment } } })));
    expect(text).toContain('"environment":{"BUCKET":"drop"}');
    expect(text).not.toContain("hunter2");
  });

  test("comes back as it was, whatever it says", () => {
    fc.assert(
      fc.property(anySnapshot(), (snapshot) => {
        expect(parseSnapshots(JSON.stringify(snapshotDocument(snapshot), null, 2), "live")).toEqual([snapshot]);
      }),
    );
  });
});

function anySnapshot(): fc.Arbitrary<BucketSnapshot> {
  const text = fc.string();
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const unreadable = fc.string({ minLength: 1 }).map((reason) => unread(reason));
  const document = fc.oneof(text, fc.record({ Version: text, Statement: fc.array(fc.dictionary(text, text)) }));
  const facet = <T>(value: fc.Arbitrary<T>) => fc.oneof(maybe(value), unreadable);
  const flags = fc.record({
    BlockPublicAcls: fc.boolean(),
    IgnorePublicAcls: fc.boolean(),
    BlockPublicPolicy: fc.boolean(),
    RestrictPublicBuckets: fc.boolean(),
  });
  const changes = fc.record({
    publicAccessBlock: facet(flags),
    organizationPublicAccessBlock: facet(fc.constantFrom("all" as const, "none" as const)),
    policy: facet(document),
    policyStatus: facet(fc.record({ IsPublic: fc.boolean() })),
    acl: facet(fc.record({ Grants: fc.array(fc.record({ Grantee: fc.record({ URI: text }), Permission: text })) })),
    cors: facet(
      fc.array(fc.record({ AllowedOrigins: fc.array(text), AllowedMethods: fc.array(text) }), { minLength: 1 }),
    ),
    logging: facet(fc.record({ TargetBucket: text })),
    versioning: facet(fc.record({ Status: fc.constantFrom("Enabled" as const, "Suspended" as const) })),
    signer: facet(
      fc.record({
        policies: fc.array(fc.record({ name: text, document })),
        function: fc.record({ environment: fc.record({ BUCKET: text.filter((value) => !value.includes("@")) }) }),
      }),
    ),
  });
  return fc.tuple(changes, fc.string({ minLength: 1 })).map(([made, bucket]) => aBucket(made, { bucket }));
}
