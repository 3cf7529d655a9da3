/**
 * Runs every probe against a running server and prints what deviates, as a table to compare with or to replace one in
 * `known-deviations`. Notes of the old table are kept; a new row has none, and the tests refuse it until it has.
 *
 *   npx tsx test/servers/record.ts RGW test/servers/known-deviations/rgw-20.json
 */
import { readFileSync } from "node:fs";
import { runningServer } from "./account.ts";
import type { Deviation, KnownDeviations } from "./judge.ts";
import { probes } from "./probes/index.ts";
import { connect } from "./server.ts";

const [name, oldTable] = process.argv.slice(2);
const running = runningServer(name === "MOTO" ? "MOTO" : "RGW", process.env);
if (running === undefined) throw new Error(`S3UP_TEST_${name} is not set; see docs/s3-servers.md.`);

const known: KnownDeviations = oldTable === undefined ? {} : JSON.parse(readFileSync(oldTable, "utf8"));
const server = connect(running.account);
const found: Record<string, Deviation> = {};
for (const probe of probes) {
  const answers = await probe.run(server).catch((error: unknown) => `failed: ${error}`);
  if (answers !== probe.expected) found[probe.id] = { answers, note: known[probe.id]?.note ?? "" };
}
process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
