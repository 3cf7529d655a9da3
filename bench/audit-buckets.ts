/**
 * What an audit costs: calls and round trips for one bucket, memory and time for many. `npm run bench:audit`
 *
 * Against the sandbox in this process, so that every request can be counted. The depth in round trips comes from two
 * runs, one of them with an added latency on every answer: (slow - fast) / latency.
 */
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { startSandbox } from "../src/sandbox/sandbox.ts";
import { costOfAudit, type ProcessCost } from "./process-cost.ts";

const program = new URL("../bin/s3up.js", import.meta.url).pathname;
const latencyMs = 300;
/** If memory grew with the number of buckets, a thousand of them would not fit. */
const heapMiB = 80;
const counts = (process.argv[2] ?? "100,1000").split(",").map(Number);

const sandbox = await startSandbox({ port: 0, now: () => new Date(), random: Math.random });
const client = new S3Client({
  endpoint: sandbox.s3,
  forcePathStyle: true,
  region: "us-east-1",
  credentials: {
    accessKeyId: sandbox.env.AWS_ACCESS_KEY_ID ?? "",
    secretAccessKey: sandbox.env.AWS_SECRET_ACCESS_KEY ?? "",
  },
});

try {
  console.log(`Node ${process.version}; local sandbox\n`);
  await oneBucket();
  await manyBuckets();
} finally {
  await sandbox.close();
}

async function oneBucket(): Promise<void> {
  await audit([sandbox.bucket]);
  const before = sandbox.requests().length;
  const fast = await audit([sandbox.bucket]);
  const calls = sandbox.requests().length - before;

  sandbox.faults.add({ kind: "latency", operation: "*", milliseconds: latencyMs });
  const slow = await audit([sandbox.bucket]);
  sandbox.faults.clear();

  console.log("| one bucket | measured | target |\n|---|---|---|");
  console.log(`| calls | ${calls} | at most 25 |`);
  console.log(
    `| round trips deep | ${((slow.seconds - fast.seconds) / (latencyMs / 1000)).toFixed(1)} | at most 2 |\n`,
  );
}

async function manyBuckets(): Promise<void> {
  console.log(`In a heap of ${heapMiB} MiB (left alone, V8 takes more and collects later):\n`);
  console.log("| buckets | seconds | buckets/s | peak memory MiB |\n|---|---|---|---|");
  let made = 1;
  for (const count of counts) {
    for (; made < count; made++) await client.send(new CreateBucketCommand({ Bucket: `bench-${made}` }));
    const { seconds, peakMiB } = await audit(["--all", "--quiet"], `--max-old-space-size=${heapMiB}`);
    console.log(`| ${count} | ${seconds.toFixed(1)} | ${(count / seconds).toFixed(0)} | ${peakMiB.toFixed(0)} |`);
  }
}

function audit(args: readonly string[], nodeOptions = ""): Promise<ProcessCost> {
  const env = { PATH: process.env.PATH, NODE_OPTIONS: nodeOptions, ...sandbox.env };
  return costOfAudit([program, "audit", ...args, "--format", "json"], env);
}
