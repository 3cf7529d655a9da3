/** `s3up audit` on buckets of Ceph RGW that the aws command made and spoiled. */
import { beforeAll, describe, test } from "vitest";
import { denyAll } from "../support/policy-documents.ts";
import { runningServer, withSettings } from "./account.ts";
import { AuditedBucket, auditVerdicts, expectUnknown, refusals } from "./audited-bucket.ts";
import { awsCli } from "./aws-cli.ts";
import type { Account } from "./server.ts";

const account = withSettings(runningServer("RGW", process.env))?.account as Account;
const isHere = awsCli !== undefined && account !== undefined;

describe.runIf(isHere)("Ceph RGW", () => {
  auditVerdicts(
    {
      account: () => account,
      ownership: false,
      always: ["logging"],
      unknown: ["acls-disabled", "public-website"],
      hidden: ["access-points", "bpa-complete"],
    },
    true,
  );
});

describe.runIf(isHere)("one permission missing on Ceph RGW", () => {
  let bucket: AuditedBucket;
  beforeAll(async () => {
    bucket = new AuditedBucket(account);
    await bucket.makeGood({ ownership: false });
  });

  // All but the policy itself, which could not be put back.
  test.for(refusals.slice(0, 3))("%s: what needs it is unknown and names %s", async ([, action, rules]) => {
    const refusal = denyAll({ Action: action, Resource: `arn:aws:s3:::${bucket.name}`, Condition: undefined });
    await bucket.policy(...bucket.guards(), refusal);
    expectUnknown(await bucket.audit(), action, rules);
  });
});
