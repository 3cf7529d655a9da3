/** A bearer token that a program prints, asked for when one is needed and again when it was refused. */
import { exec } from "node:child_process";
import { S3upError } from "../errors.ts";

export interface TokenCommand {
  /** For the shell. */
  readonly command: string;
  /** Milliseconds since any fixed moment. */
  readonly now: () => number;
  /** Takes what the command says to the user, such as how to sign in. */
  readonly talk: (text: string) => void;
}

const timeoutMs = 60_000;
/** A token is taken to be good for this long; a long upload asks again. */
const tokenLifeMs = 5 * 60_000;

/** @returns gives the token of before while it lives, unless it was `refused` */
export function createTokenSource({ command, now, talk }: TokenCommand): (refused: boolean) => Promise<string> {
  let known: { readonly token: Promise<string>; readonly since: number } | undefined;
  /** Requests that were refused at the same time wait for one run of the command. */
  let isRunning = false;

  function ask(): Promise<string> {
    isRunning = true;
    return tokenOf(command, talk).finally(() => {
      isRunning = false;
    });
  }

  return async (refused) => {
    const isStale = known === undefined || now() - known.since > tokenLifeMs;
    if (!isRunning && (isStale || refused)) known = { token: ask(), since: now() };
    return (known as { readonly token: Promise<string> }).token;
  };
}

/** @throws S3upError CREDENTIALS_MISSING */
function tokenOf(command: string, talk: TokenCommand["talk"]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = exec(command, { timeout: timeoutMs }, (error, output) => {
      const token = output.trim();
      if (error === null && token !== "" && !/[\r\n]/.test(token)) return resolve(token);
      const ending =
        error === null ? "without one line of output" : `with ${error.signal ?? `exit code ${error.code}`}`;
      reject(
        new S3upError("CREDENTIALS_MISSING", "The token command gave no token.", {
          why: `It ended ${ending}.`,
          hint: "Run the command of --token-command by itself: it has to print the token and nothing else.",
        }),
      );
    });
    child.stderr?.setEncoding("utf8").on("data", talk);
  });
}
