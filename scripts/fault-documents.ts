/** The page about the fault matrix, made from the rows that the tests play. */
import { chapters } from "../test/faults/matrix.ts";
import type { Ending, Mode, Scenario } from "../test/faults/scenario.ts";

const about = `# What happens when something goes wrong

Every row is played by \`npm run test:faults\` with the built program as a process, against the sandbox or a machine that is
set up to fail; those in **bold** in every \`npm test\`. Made from \`test/faults/rows/\`; do not edit.

However an upload ends, this holds, and each trial checks it:

- The object is stored byte for byte, or the exit code is not 0 and nothing is stored under its key.
- An error is three lines: what happened, why, what to do next. With exit 5 they hold the command that goes on and the one
  that removes what is there; the same command, run when the trouble is over, stores the object.
- No multipart upload is left at S3 without being named.
- No run hangs.
- No signature and no secret is in the output or in the state directory, and nobody else may read a file there.

Beside the rows, \`npm run test:faults\` sends \`kill -9\` at 100 moments by chance and goes on with the same command
(S3UP_FAULT_KILLS), and plays 60 mixes of faults (S3UP_FAULT_ROUNDS), all by a seed that it prints and takes
(S3UP_FAULT_SEED). A report is printed at the end, and written to S3UP_FAULT_REPORT, as Markdown (\`.md\`) or JSON.
`;

/** Path in the project -> text. */
export function faultDocuments(): ReadonlyMap<string, string> {
  const tables = Object.values(chapters).map(({ title, scenarios }) => table(title, scenarios));
  return new Map([["docs/faults.md", [about, ...tables].join("\n")]]);
}

interface Line {
  readonly when: string;
  readonly modes: Mode[];
  readonly quick: boolean;
  readonly ends: Ending;
}

function table(title: string, scenarios: readonly Scenario[]): string {
  const lines: Line[] = [];
  for (const { when, mode, long, ends } of scenarios) {
    const known = lines.find((line) => line.when === when);
    if (known === undefined) lines.push({ when, modes: [mode], quick: !long, ends });
    else known.modes.push(mode);
  }
  const rows = lines.map(
    ({ when, modes, quick, ends }) => `| ${quick ? `**${when}**` : when} | ${modes.join(", ")} | ${outcome(ends)} |`,
  );
  return [`## ${title}`, "", "| When … | with | then |", "|---|---|---|", ...rows, ""].join("\n");
}

function outcome(ends: Ending): string {
  if (ends.exit === 0) return ends.says === undefined ? "stored" : "stored, with a warning";
  return `exit ${ends.exit}${"again" in ends && ends.again ? "; the same command stores it later" : ""}`;
}
