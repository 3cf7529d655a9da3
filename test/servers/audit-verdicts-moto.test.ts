/** `s3up audit` on buckets of moto that the aws command made and spoiled, and on what moto has beside them. */
import { randomUUID } from "node:crypto";
import { DeletePublicAccessBlockCommand, PutPublicAccessBlockCommand } from "@aws-sdk/client-s3-control";
import { beforeAll, describe, expect, test } from "vitest";
import { policyText } from "../support/good-sandbox-bucket.ts";
import { runningServer } from "./account.ts";
import { AuditedBucket, auditVerdicts, aws, closed } from "./audited-bucket.ts";
import { awsCli } from "./aws-cli.ts";
import { controlClient } from "./control-client.ts";
import type { Account } from "./server.ts";

const running = runningServer("MOTO", process.env);
const account = running?.account as Account;
const isHere = awsCli !== undefined && running !== undefined;

describe.runIf(isHere)("moto", () => {
  auditVerdicts({ account: () => account, ownership: true, always: ["logging"], unknown: [], hidden: [] }, true);
});

describe.runIf(isHere)("what moto has beside the bucket", () => {
  let bucket: AuditedBucket;
  beforeAll(async () => {
    bucket = new AuditedBucket(account);
    await bucket.makeGood({ ownership: true });
  });

  test.for([
    ["uploads under the prefix and nothing else", ["s3:PutObject"], "uploads/*", []],
    ["reading too", ["s3:PutObject", "s3:GetObject"], "uploads/*", ["role-scope"]],
    ["uploads to a neighbour of the prefix", ["s3:PutObject"], "uploads*", ["key-prefix", "role-scope"]],
    ["everything S3 has", ["s3:*"], "*", ["key-prefix", "role-escalation", "role-scope"]],
    ["uploads somewhere else", ["s3:PutObject"], "other/*", ["key-prefix", "role-scope", "role-works"]],
  ] as const)("a role that may do this: %s", async ([, actions, where, found]) => {
    const name = `signer-${randomUUID().slice(0, 8)}`;
    const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
    const grant = { Effect: "Allow", Action: actions, Resource: `arn:aws:s3:::${bucket.name}/${where}` };
    await aws(account, "iam", "create-role", "--role-name", name, "--assume-role-policy-document", policyText([trust]));
    const words = ["--role-name", name, "--policy-name", "uploads", "--policy-document", policyText([grant])];
    await aws(account, "iam", "put-role-policy", ...words);
    const { failed, unknown } = await bucket.audit("--role", `arn:aws:iam::${account.accountId}:role/${name}`);
    expect({ failed: failed.toSorted(), unknown }).toEqual({ failed: ["logging", ...found].toSorted(), unknown: [] });
  });

  test("the account's block counts where the bucket has none", async () => {
    const control = controlClient(account);
    const ofAccount = { AccountId: account.accountId };
    await bucket.aws("delete-public-access-block");
    await control.send(new PutPublicAccessBlockCommand({ ...ofAccount, PublicAccessBlockConfiguration: closed }));
    const closedByAccount = await bucket.audit();
    await control.send(new DeletePublicAccessBlockCommand(ofAccount));
    const open = await bucket.audit();
    await bucket.block({});
    expect([closedByAccount.failed, open.failed]).toEqual([["logging"], ["bpa-complete", "logging"]]);
  });
});
