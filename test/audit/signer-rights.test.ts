import { describe, expect, test } from "vitest";
import { nameOfSigner, signerRights } from "../../src/audit/signer-rights.ts";
import { goodSigner } from "../support/good-bucket.ts";
import { allowAll, denyAll, documentOf, drop, owner, signerArn } from "../support/policy-documents.ts";

const bucket = { bucket: "drop", arn: drop.arn, accountId: owner };

describe("what the signer may do", () => {
  test("is decided by its policies, its boundary and the bucket's policy", () => {
    const permissionsBoundary = goodSigner.policies[0].document;
    const rights = signerRights({ ...bucket, policy: documentOf(denyAll()) }, { ...goodSigner, permissionsBoundary });
    expect(rights.caller.arn).toBe(signerArn);
    expect(rights.caller.identity.map(({ name, document }) => [name, document.state])).toEqual([
      ["uploads", "present"],
      ["logs", "present"],
    ]);
    expect([rights.caller.boundary?.document.state, rights.bucketPolicy?.state]).toEqual(["present", "present"]);
    expect([rights.bucketAccount, rights.bucket]).toEqual([owner, drop]);
  });

  test("has no boundary where there is none, and an unreadable one where it is no policy", () => {
    const none = signerRights({ ...bucket, policy: undefined }, goodSigner);
    expect([none.caller.boundary, none.bucketPolicy]).toEqual([undefined, { state: "absent" }]);
    const broken = signerRights({ ...bucket, policy: undefined }, { ...goodSigner, permissionsBoundary: "{" });
    expect(broken.caller.boundary?.document).toMatchObject({ state: "unreadable" });
  });

  test("is its own without what everyone may", () => {
    const forRole = allowAll({ Principal: { AWS: signerArn } });
    const forOthers = allowAll({ Principal: undefined, NotPrincipal: { AWS: owner } });
    const policy = documentOf(allowAll(), forRole, forOthers, denyAll());
    const statementsOf = (extent: "all" | "own") => {
      const { bucketPolicy } = signerRights({ ...bucket, policy }, goodSigner, extent);
      return bucketPolicy?.state === "present" ? bucketPolicy.value.statements.map(({ index }) => index) : [];
    };
    expect([statementsOf("all"), statementsOf("own")]).toEqual([
      [0, 1, 2, 3],
      [1, 3],
    ]);
  });
});

test.for([
  [signerArn, "the role presign"],
  [`arn:aws:iam::${owner}:role/service-role/deep/presign`, "the role presign"],
  [undefined, "the signer's role"],
] as const)("%s is %s", ([roleArn, name]) => {
  expect(nameOfSigner({ policies: [], ...(roleArn === undefined ? {} : { roleArn }) })).toBe(name);
});
