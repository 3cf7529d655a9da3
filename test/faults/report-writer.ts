/**
 * Gathers what the trials of the long set have left on their tests, prints it, and writes it to the path in
 * S3UP_FAULT_REPORT: Markdown for `.md`, JSON for anything else.
 */
import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";
import type { TrialNote } from "./report.ts";

// biome-ignore lint/style/noDefaultExport: vitest takes a reporter so
export default class ReportWriter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const trials = modules.flatMap((module) =>
      [...module.children.allTests()].flatMap((test) => test.meta().trial ?? []),
    );
    if (trials.length === 0) return;
    process.stdout.write(`\n${asMarkdown(trials)}`);
    const path = process.env.S3UP_FAULT_REPORT;
    if (!path) return;
    writeFileSync(path, path.endsWith(".md") ? asMarkdown(trials) : `${JSON.stringify({ v: 1, trials }, null, 2)}\n`);
    process.stdout.write(`\nThe report is in ${path}\n`);
  }
}

function asMarkdown(trials: readonly TrialNote[]): string {
  const broken = trials.filter((trial) => trial.broken.length > 0);
  const chapters = [...new Set(trials.map(({ chapter }) => chapter))].map((chapter) => {
    const own = trials.filter((trial) => trial.chapter === chapter);
    const exits = [...new Set(own.map(({ exitCode }) => exitCode))].sort((one, other) => Number(one) - Number(other));
    const kept = own.filter((trial) => trial.broken.length === 0).length;
    const seconds = own.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000;
    return `| ${chapter} | ${own.length} | ${kept} | ${exits.join(", ")} | ${seconds.toFixed(0)} s |`;
  });
  return [
    `# Fault matrix: ${trials.length} trials, ${broken.length} with a broken promise`,
    "",
    "| what goes wrong | trials | as promised | exit codes | time |",
    "|---|---|---|---|---|",
    ...chapters,
    ...broken.flatMap(({ chapter, when, mode, broken: promises }) => [
      "",
      `**${chapter}: when ${when} (${mode})**`,
      "",
      ...promises.map((promise) => `- ${promise}`),
    ]),
    "",
  ].join("\n");
}
