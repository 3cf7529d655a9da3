/**
 * What uploads cost, beside every rival in the same run. `npm run bench:upload`
 *
 *   --runs N      rounds of each row; in a round everyone is measured once, in turn (default 5)
 *   --only ROWS   some rows, such as tls,small
 *   --clients C   some clients, such as s3up,ceiling
 *   --write       put the tables into bench/README.md as well
 */
import { readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { createContestants, findRivals } from "./upload/contestants.ts";
import { type Machinery, startMachinery } from "./upload/machinery.ts";
import { type Cost, measure } from "./upload/measured.ts";
import { signPartUrls } from "./upload/part-urls.ts";
import { type Results, resultTable, targetTable } from "./upload/results.ts";
import { type Prepared, type Row, rows } from "./upload/rows.ts";
import { versionsOf } from "./upload/versions.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    only: { type: "string" },
    clients: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const rounds = Number(values.runs);
const chosen = values.only?.split(",");
const clients = values.clients?.split(",");
const said: string[] = [];

const rivals = findRivals();
const machinery = await startMachinery();
try {
  say(`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model}, ${versionsOf(rivals)}\n`);
  const contestants = createContestants(rivals, machinery);
  for (const [name, row] of Object.entries<Row>(rows)) {
    if (chosen !== undefined && !chosen.includes(name)) continue;
    if (row.needsTls && machinery.sink.tls === undefined) {
      say(`### ${row.title}\n\nNot measured: OpenSSL's headers are missing (libssl-dev).\n`);
      continue;
    }
    await report(row, await row.prepare(machinery, contestants), machinery);
  }
  if (chosen === undefined || chosen.includes("part-urls")) {
    const seconds = await signPartUrls();
    say(`### 10,000 part URLs\n\nSigned in ${seconds.toFixed(2)} s; the target is at most 1 s.\n`);
  }
  if (values.write) await writeReadme(said.map((text) => `${text}\n`).join(""));
} finally {
  await machinery.close();
}

function say(text: string): void {
  console.log(text);
  said.push(text);
}

/** Between its two markers stands what the last run with --write said. */
async function writeReadme(text: string): Promise<void> {
  const readme = new URL("README.md", import.meta.url);
  const [begin, end] = ["<!-- measured: uploads -->\n", "<!-- /measured -->"];
  const [before = "", rest = ""] = (await readFile(readme, "utf8")).split(begin);
  await writeFile(readme, `${before}${begin}${text}${end}${rest.slice(rest.indexOf(end) + end.length)}`);
}

async function report({ title, maxRuns = rounds }: Row, prepared: Prepared, machinery: Machinery): Promise<void> {
  const runs = Math.min(rounds, maxRuns);
  const results = await measureAll(prepared, runs, machinery);
  say(`### ${title}\n\nMedian of ${runs}, interleaved.\n\n${resultTable(results)}\n`);
  say(`${targetTable(prepared.targets, results)}\n`);
}

/** A client that fails is named and left out; the others are still worth a table. */
async function measureAll({ entries }: Prepared, runs: number, machinery: Machinery): Promise<Results> {
  const results: Record<string, Cost[]> = {};
  const running = new Map(Object.entries(entries).filter(([name]) => clients?.includes(name) ?? true));
  for (let round = 0; round < runs; round += 1) {
    for (const [name, [contestant, work]] of running) {
      try {
        const cost = await measure(contestant(work), machinery);
        results[name] = [...(results[name] ?? []), cost];
      } catch (error) {
        console.error(`${name} failed: ${error instanceof Error ? error.message : error}`);
        running.delete(name);
        delete results[name];
      }
    }
  }
  return results;
}
