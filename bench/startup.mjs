// What it costs to start s3up, beside the least that any Node program costs. Runs are interleaved and compared as
// ratios, because machines differ and drift. `npm run bench:startup`
import { spawnSync } from "node:child_process";

const program = new URL("../bin/s3up.js", import.meta.url).pathname;
const rounds = Number(process.argv[2] ?? 21);

const commands = {
  "node -e 0": ["-e", "0"],
  "s3up --version": [program, "--version"],
  "s3up --help": [program, "--help"],
};

const timings = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
for (let round = -2; round < rounds; round++) {
  for (const [name, args] of Object.entries(commands)) {
    const milliseconds = timed(args);
    if (round >= 0) timings[name].push(milliseconds); // two rounds to warm the page cache and Node's compile cache
  }
}

const base = timings["node -e 0"];
console.log(
  `Node ${process.version}, ${rounds} interleaved rounds; target: s3up --version at most 1.6 times node -e 0\n`,
);
console.log("| command | median ms | median of the ratios to node -e 0 |\n|---|---|---|");
for (const [name, milliseconds] of Object.entries(timings)) {
  const ratio = median(milliseconds.map((each, round) => each / base[round]));
  console.log(`| \`${name}\` | ${median(milliseconds).toFixed(1)} | ${ratio.toFixed(2)} |`);
}

function timed(args) {
  const start = process.hrtime.bigint();
  const { status } = spawnSync(process.execPath, args, { stdio: "ignore" });
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with exit code ${status}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
