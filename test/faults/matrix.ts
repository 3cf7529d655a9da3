/** All rows, in the order in which the documentation shows them. */
import { answerRows } from "./rows/answers.ts";
import { connectionRows } from "./rows/connection.ts";
import { elsewhereRows } from "./rows/elsewhere.ts";
import { expiryRows } from "./rows/expiry.ts";
import { fileRows } from "./rows/file.ts";
import { machineRows } from "./rows/machine.ts";
import { silenceRows } from "./rows/silence.ts";
import type { Scenario } from "./scenario.ts";

export interface Chapter {
  readonly title: string;
  readonly scenarios: readonly Scenario[];
}

export const chapters = {
  connection: { title: "The connection is reset", scenarios: connectionRows },
  silence: { title: "Nothing moves", scenarios: silenceRows },
  answers: { title: "The answer is an error, or not true", scenarios: answerRows },
  expiry: { title: "Time runs out, or is off", scenarios: expiryRows },
  elsewhere: { title: "The bucket is elsewhere, or its name is lost", scenarios: elsewhereRows },
  file: { title: "The file changes, or cannot be read", scenarios: fileRows },
  machine: { title: "The machine has nothing left to give", scenarios: machineRows },
} satisfies Readonly<Record<string, Chapter>>;
