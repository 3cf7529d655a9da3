/** The probes against Ceph's gateway. `scripts/servers/rgw-start.sh` starts one; `.ci/run` always does. */
import { expect, test } from "vitest";
import { runningServer } from "./account.ts";
import { connect } from "./server.ts";
import { probeSuite, readTable } from "./suite.ts";

const running = runningServer("RGW", process.env);

test.skipIf(running === undefined)("Ceph RGW is asked (only where S3UP_TEST_RGW names one: docs/s3-servers.md)", () => {
  expect(running?.version).toMatch(/^\d+\.\d+$/);
});

if (running !== undefined) {
  const server = connect(running.account);
  probeSuite(readTable(`rgw-${running.version.split(".")[0]}`), () => server);
}
