/** The moving line on a terminal. By itself in a file, because loading it costs more than many an audit (57 ms were measured). */
import ora, { type Ora } from "ora";

export type Spinner = Pick<Ora, "text" | "stop">;

export function startSpinner(text: string, stream: NodeJS.WriteStream, color: boolean): Spinner {
  // Stdin may be a file that somebody else reads.
  return ora({ text, stream, discardStdin: false, ...(color ? {} : { color: false }) }).start();
}
