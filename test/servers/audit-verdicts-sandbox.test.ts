/** `s3up audit` on buckets of the sandbox that the aws command made and spoiled. */
import { beforeAll, describe, expect, test } from "vitest";
import { useSandbox } from "../support/running-sandbox.ts";
import { runningServer } from "./account.ts";
import { AuditedBucket, auditVerdicts, expectUnknown, refusals, type Server } from "./audited-bucket.ts";
import { awsCli } from "./aws-cli.ts";

const sandbox = useSandbox();

test.skipIf(awsCli === undefined)("buckets are made by the aws command (only where it is installed)", () => {
  expect(awsCli).toBeDefined();
});

const server: Server = {
  account: () => ({
    endpoint: sandbox.sandbox.s3,
    region: "us-east-1",
    accountId: "000000000000",
    accessKeyId: sandbox.sandbox.env.AWS_ACCESS_KEY_ID ?? "",
    secretAccessKey: sandbox.sandbox.env.AWS_SECRET_ACCESS_KEY ?? "",
  }),
  // It has no STS to ask for it.
  env: { AWS_ACCOUNT_ID: "000000000000" },
  ownership: true,
  always: ["logging"],
  unknown: [],
  hidden: ["access-points"],
};

describe.runIf(awsCli !== undefined)("the sandbox", () => {
  // In `npm test` it is spoiled by the SDK (test/e2e/audit.test.ts), which takes seconds instead of a minute.
  auditVerdicts(server, runningServer("MOTO", process.env) !== undefined);
});

describe.runIf(awsCli !== undefined)("one permission missing in the sandbox", () => {
  let bucket: AuditedBucket;
  beforeAll(async () => {
    bucket = new AuditedBucket(server.account(), server.env);
    await bucket.makeGood({ ownership: true });
  });

  test.for(refusals)("%s: what needs it is unknown and names %s", async ([operation, action, rules]) => {
    sandbox.sandbox.faults.add({ kind: "expired", operation, count: 100 });
    const audited = await bucket.audit();
    sandbox.sandbox.faults.clear();
    expectUnknown(audited, action, rules);
  });
});
