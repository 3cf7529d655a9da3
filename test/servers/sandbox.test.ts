/** The probes against our own sandbox, in process: the table of its deviations is short on purpose. */
import { afterAll, beforeAll } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { connect, type ServerUnderTest } from "./server.ts";
import { probeSuite, readTable } from "./suite.ts";
import { accountOf } from "./target.ts";

let sandbox: Sandbox;
let server: ServerUnderTest;

beforeAll(async () => {
  sandbox = await startSandbox({ now: () => new Date(), random: Math.random });
  server = connect(accountOf(sandbox.env));
});

afterAll(() => sandbox.close());

probeSuite(readTable("sandbox"), () => server);
