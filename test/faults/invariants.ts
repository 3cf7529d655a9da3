/** What has to be true after every trial, whatever went wrong. Each sentence that comes back is a broken promise. */
import type { Aftermath } from "./aftermath.ts";
import type { Scenario } from "./scenario.ts";
import type { TestFile, TestFiles } from "./test-files.ts";
import type { Played } from "./trial.ts";

export function brokenPromises(scenario: Scenario, played: Played, files: TestFiles): readonly string[] {
  const file = files[scenario.shape];
  const { ends } = scenario;
  const first = [
    ...always(played, played.secrets),
    ...(ends.exit === 0 ? whole(played, file) : nothing(played)),
    ...(played.ran.exitCode === ends.exit ? [] : [`the exit code is ${played.ran.exitCode} and not ${ends.exit}`]),
    ...(ends.says === undefined || ends.says.test(played.ran.stderr) ? [] : [`stderr does not match ${ends.says}`]),
    ...(ends.exit !== 5 || namesCommand(played) ? [] : ["exit 5 without the command that resumes"]),
    ...unfired(scenario, played),
  ];
  if (played.again === undefined) return first;
  const again = [
    ...always(played.again, played.secrets),
    ...whole(played.again, file),
    ...(played.again.ran.exitCode === 0 ? [] : [`the exit code is ${played.again.ran.exitCode}`]),
  ];
  return [...first, ...again.map((promise) => `the same command once more: ${promise}`)];
}

/** Holds for any ending that the program itself came to. */
export function always(aftermath: Aftermath, secrets: readonly string[]): readonly string[] {
  const { exitCode, hung, stderr } = aftermath.ran;
  return [...safe(aftermath, secrets), ...(exitCode === 0 || hung ? [] : shapeOfError(stderr))];
}

/** Holds even for one that was killed. */
export function safe({ ran, uploadIds, openState, state }: Aftermath, secrets: readonly string[]): readonly string[] {
  const output = ran.stdout + ran.stderr;
  const orphans = uploadIds.filter((id) => !ran.stderr.includes(id));
  return [
    ...(ran.hung ? ["it hung"] : []),
    ...(ran.exitCode === 70 ? ["a bug: exit 70"] : []),
    ...orphans.map(() => "an upload is left at S3 and not named"),
    ...(hasSignature(output) ? ["a signature in the output"] : []),
    ...(hasSignature(state) ? ["a signature in the state on disk"] : []),
    ...secrets.filter((secret) => secret !== "" && output.includes(secret)).map(() => "a secret in the output"),
    ...secrets.filter((secret) => secret !== "" && state.includes(secret)).map(() => "a secret in the state on disk"),
    ...openState.map((name) => `others may read ${name}`),
  ];
}

export function whole({ objects, ran }: Aftermath, { bytes, proof }: TestFile): readonly string[] {
  const [key, there] = [...objects][0] ?? [];
  if (objects.size !== 1 || key === undefined || there === undefined) return [`${objects.size} objects are stored`];
  const line = `s3://drop/${key}\t${bytes.length}\t${proof}\n`;
  return [
    ...(there.equals(bytes) ? [] : ["the object has other bytes than the file"]),
    ...(ran.stdout === line ? [] : [`stdout is not the result: ${JSON.stringify(ran.stdout)}`]),
  ];
}

export function nothing({ objects, ran }: Aftermath): readonly string[] {
  return [
    ...(objects.size === 0 ? [] : [`stored under ${[...objects.keys()].join(", ")} although it failed`]),
    ...(ran.stdout === "" ? [] : ["a result on stdout although it failed"]),
  ];
}

/** What happened, why, what to do next: the last three lines. */
function shapeOfError(stderr: string): readonly string[] {
  const [what = "", why = "", next = ""] = stderr.trimEnd().split("\n").slice(-3);
  const isError = what.startsWith("Error: ") && /^ {2}\S/.test(why) && /^ {2}\S/.test(next);
  return isError ? [] : ["the error is not three lines"];
}

function namesCommand({ ran }: Aftermath): boolean {
  return /`s3up put movie\.bin .*`; remove what is there with `s3up uploads abort /.test(ran.stderr);
}

function unfired({ faults }: Scenario, { fired }: Played): readonly string[] {
  return faults.filter(({ kind }) => !fired.includes(kind)).map(({ kind }) => `the fault ${kind} never happened`);
}

function hasSignature(text: string): boolean {
  return /X-Amz-Signature=[0-9a-f]|X-Amz-Security-Token=\w|Signature=[0-9a-f]{16}/i.test(text);
}
