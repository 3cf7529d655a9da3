import { describeSnapshotSource } from "../contract/snapshot-source.ts";
import { aBucket, unread } from "../support/audit-bucket.ts";
import { fakeSource } from "../support/fake-source.ts";

describeSnapshotSource("the fake of the tests", async () => ({
  source: fakeSource(
    aBucket({
      cors: [{ AllowedOrigins: ["https://app.example"], AllowedMethods: ["PUT"] }],
      accessPoints: unread("AccessDenied"),
    }),
  ),
}));
