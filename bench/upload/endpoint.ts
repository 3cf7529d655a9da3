/** The sandbox's presign endpoint, for an S3 elsewhere. Prints its address; ends when its stdin does. `endpoint.ts ORIGIN` */
import { createFaults } from "../../src/sandbox/faults.ts";
import { startPresignApp } from "../../src/sandbox/presign-app.ts";
import { credentials } from "./credentials.ts";

const now = () => new Date();
const app = await startPresignApp({
  port: 0,
  s3: process.argv[2] ?? "",
  bucket: "bench",
  region: "us-east-1",
  credentials,
  limits: {},
  faults: createFaults({ rules: [], seed: 0, now, wait: async () => {} }),
  now,
  log: () => {},
});
console.log(app.url);
process.stdin.resume().on("end", () => process.exit());
