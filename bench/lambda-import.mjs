// What a cold start of the Lambda function spends on loading its code: the import of the bundle, in a process of its own
// each time, beside the start of a bare Node. `npm run build:lambda && npm run bench:lambda`
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const bundle = new URL("../dist-lambda/lambda.mjs", import.meta.url);
const rounds = Number(process.argv[2] ?? 21);
const GOAL_MS = 150;

const loading = `
  const began = process.hrtime.bigint();
  await import(${JSON.stringify(bundle.href)});
  process.stdout.write(String(Number(process.hrtime.bigint() - began) / 1e6));`;

const imports = [];
const bare = [];
for (let round = -2; round < rounds; round++) {
  const imported = Number(run(["--input-type=module", "-e", loading]).output);
  const { milliseconds } = run(["-e", "0"]);
  if (round < 0) continue; // warms the page cache
  imports.push(imported);
  bare.push(milliseconds);
}

const kilobytes = Math.round(statSync(fileURLToPath(bundle)).size / 1000);
console.log(`Node ${process.version}, ${rounds} interleaved rounds; bundle of ${kilobytes} kB\n`);
console.log("| what | median ms | to node -e 0 |\n|---|---|---|");
const ratio = median(imports.map((each, round) => each / bare[round])).toFixed(2);
console.log(`| import of the bundle, goal at most ${GOAL_MS} | ${median(imports).toFixed(1)} | ${ratio} |`);
console.log(`| \`node -e 0\` | ${median(bare).toFixed(1)} | 1 |`);

function run(argv) {
  const began = process.hrtime.bigint();
  const { status, stdout } = spawnSync(process.execPath, argv, { stdio: ["ignore", "pipe", "ignore"] });
  if (status !== 0) throw new Error("The bundle could not be imported; npm run build:lambda makes it.");
  return { output: stdout.toString(), milliseconds: Number(process.hrtime.bigint() - began) / 1e6 };
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
