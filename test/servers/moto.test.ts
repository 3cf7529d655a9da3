/** The probes against moto. `scripts/servers/moto-start.sh` starts one; `.ci/run` always does. */
import { expect, test } from "vitest";
import { runningServer } from "./account.ts";
import { connect } from "./server.ts";
import { probeSuite, readTable } from "./suite.ts";

const running = runningServer("MOTO", process.env);

test.skipIf(running === undefined)("moto is asked (only where S3UP_TEST_MOTO names one: docs/s3-servers.md)", () => {
  expect(running?.version).toMatch(/^\d+$/);
});

if (running !== undefined) {
  const server = connect(running.account);
  probeSuite(readTable(`moto-${running.version}`), () => server);
}
