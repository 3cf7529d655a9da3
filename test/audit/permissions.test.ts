import { describe, expect, test } from "vitest";
import { facetReads } from "../../src/audit/facet-access.ts";
import { type PermissionTargets, permissionsFor } from "../../src/audit/permissions.ts";
import { rules } from "../../src/audit/rules/index.ts";

const chosen = (...ids: readonly string[]) => rules.filter(({ id }) => ids.includes(id));
const drop: PermissionTargets = {
  partition: "aws",
  buckets: ["drop"],
  accountId: "111122223333",
  region: "eu-central-1",
};
const actionsFor = (targets: PermissionTargets) =>
  permissionsFor(rules, targets).Statement.flatMap(({ Action }) => Action);

describe("permissionsFor", () => {
  test("allows what the chosen rules read and nothing else", () => {
    expect(permissionsFor(chosen("cors-etag", "bpa-complete"), drop)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "ReadBucketSettings",
          Effect: "Allow",
          Action: ["s3:GetBucketCORS", "s3:GetBucketPublicAccessBlock"],
          Resource: "arn:aws:s3:::drop",
        },
        { Sid: "ReadAccountSettings", Effect: "Allow", Action: ["s3:GetAccountPublicAccessBlock"], Resource: "*" },
      ],
    });
  });

  test("is the same text whatever the order", () => {
    const two = { ...drop, buckets: ["b", "a", "b"] };
    const text = JSON.stringify(permissionsFor(rules, two));
    expect(JSON.stringify(permissionsFor(rules.toReversed(), { ...two, buckets: ["a", "b"] }))).toBe(text);
  });

  test("names every bucket, or all of them and the list", () => {
    const of = (buckets: PermissionTargets["buckets"]) =>
      permissionsFor(chosen("versioning"), { ...drop, partition: "aws-cn", buckets }).Statement;
    expect(of(["b", "a"])[0]?.Resource).toEqual(["arn:aws-cn:s3:::a", "arn:aws-cn:s3:::b"]);
    expect(of("all").map(({ Action, Resource }) => ({ Action, Resource }))).toEqual([
      { Action: ["s3:GetBucketVersioning"], Resource: "arn:aws-cn:s3:::*" },
      { Action: ["s3:ListAllMyBuckets"], Resource: "*" },
    ]);
  });

  test("leaves the signer out where none was named", () => {
    expect(actionsFor(drop).filter((action) => /^(iam|lambda|apigateway):/.test(action))).toEqual([]);
  });

  test("reads a role that was named, and no functions", () => {
    const roleArn = "arn:aws:iam::111122223333:role/signer";
    const { Statement } = permissionsFor(chosen("cors-api"), { ...drop, roleArn });
    expect(Statement.map(({ Sid }) => Sid)).toEqual(["ReadSignerRole", "ReadManagedPolicies"]);
    expect(Statement[0]?.Resource).toBe(roleArn);
  });

  test("reads a function that was named, by its name or its ARN", () => {
    const resourceOf = (functionName: string) =>
      permissionsFor(chosen("cors-api"), { ...drop, functionName }).Statement.find(
        ({ Sid }) => Sid === "ReadSignerFunction",
      )?.Resource;
    const arn = "arn:aws:lambda:eu-central-1:111122223333:function:presign";
    expect(resourceOf("presign")).toBe(arn);
    expect(resourceOf(arn)).toBe(arn);
  });

  test("only reads", () => {
    const all = Object.values(facetReads).flatMap((reads) => reads.map(({ action }) => action));
    expect(all.filter((action) => !/^(s3|iam|lambda):(Get|List)|^apigateway:GET$/.test(action))).toEqual([]);
    expect(actionsFor({ ...drop, functionName: "presign" }).filter((action) => action.includes("*"))).toEqual([]);
  });
});
