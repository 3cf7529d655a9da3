// `npm run demo`: the whole upload path on this machine, with no AWS account.
// Starts the sandbox, makes a file, uploads it through the presign endpoint without credentials, reads it back through
// a presigned URL, compares, and stops. Every step is the built program itself, as a user runs it.
import { spawn } from "node:child_process";
import { createHash, randomFillSync } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const MiB = 1024 ** 2;
const size = Number(process.env.S3UP_DEMO_MIB ?? 200) * MiB;
const program = new URL("../bin/s3up.js", import.meta.url).pathname;

const folder = await mkdtemp(join(tmpdir(), "s3up-demo-"));
const sandbox = await startSandbox(join(folder, "sandbox"));
try {
  await demo();
} finally {
  sandbox.process.kill("SIGTERM");
  await sandbox.stopped;
  await rm(folder, { recursive: true, force: true });
}

async function demo() {
  say(`The sandbox runs: S3 at ${sandbox.ready.s3}, presign endpoint at ${sandbox.ready.presign}`);

  const sent = await makeFile(join(folder, "holiday.mp4"), size);
  say(`Made holiday.mp4, ${size / MiB} MiB of random bytes, sha256 ${sent}`);

  say("$ s3up put holiday.mp4 --endpoint $S3UP_ENDPOINT      (no AWS credentials in the environment)");
  const line = await s3up(["put", "holiday.mp4", "--endpoint", sandbox.ready.presign], withoutAws());
  process.stdout.write(line);
  const [object = ""] = line.split("\t");

  say(`$ s3up presign ${object} --method get      (and the URL read)`);
  const url = await s3up(["presign", object, "--method", "get", "--quiet"], { ...withoutAws(), ...sandbox.ready.env });
  const received = await hashOf(url.trim());

  if (received !== sent) throw new Error(`What came back differs: sha256 ${received}`);
  say(`What came back is identical: sha256 ${received}`);
}

async function startSandbox(directory) {
  const child = spawn(process.execPath, [program, "sandbox", "--port", "0", "--dir", directory, "--json"], {
    env: withoutAws(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stopped = once(child, "exit");
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, "line"), stopped]);
  if (typeof first[0] !== "string") throw new Error(`The sandbox did not start (exit code ${first[0]}).`);
  return { process: child, stopped, ready: JSON.parse(first[0]) };
}

/** Runs the program with its talk on this terminal; the answer is what it wrote to stdout. */
async function s3up(args, env) {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  const chunks = [];
  child.stdout.on("data", (chunk) => chunks.push(chunk));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`s3up ${args[0]} ended with exit code ${code}`);
  return Buffer.concat(chunks).toString();
}

async function makeFile(path, bytes) {
  const file = await open(path, "w");
  const hash = createHash("sha256");
  const block = Buffer.alloc(8 * MiB);
  for (let left = bytes; left > 0; left -= block.length) {
    const chunk = randomFillSync(block).subarray(0, Math.min(left, block.length));
    hash.update(chunk);
    await file.write(chunk);
  }
  await file.close();
  return hash.digest("hex");
}

async function hashOf(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`Reading the object back answered ${answer.status}.`);
  const hash = createHash("sha256");
  for await (const chunk of answer.body) hash.update(chunk);
  return hash.digest("hex");
}

function withoutAws() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS|S3UP)_/.test(name)));
}

function say(text) {
  process.stderr.write(`\n${text}\n`);
}
