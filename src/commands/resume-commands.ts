/** The command lines that go on with a stopped upload and that remove it, ready to be pasted. No secret stands in them. */
import type { ResumeCommands } from "../upload/resume-tools.ts";
import { shellWord } from "../upload/shell-word.ts";
import type { PutTarget } from "./put-target.ts";

/** Flags whose value is a credential: they are handed over in the environment, where no process list shows them. */
const secretFlags: Readonly<Record<string, string>> = { "--token": "S3UP_TOKEN", "--url": "S3UP_URL" };

/** @param argv the arguments after the program's name, as the user typed them */
export function resumeCommands(argv: readonly string[], target: PutTarget): ResumeCommands {
  const { words, variables } = withoutSecrets(argv);
  const before = variables.map((name) => `${name}="$${name}" `).join("");
  const line = (...all: readonly string[]) => `${before}s3up ${all.map(shellWord).join(" ")}`;
  return {
    resume: line(...words.filter((word) => word !== "--restart")),
    abort: ({ bucket, key, uploadId }) => {
      const id = ["--upload-id", uploadId];
      if (target.via === "credentials" && bucket !== undefined) {
        return line("uploads", "abort", `s3://${bucket}/${key}`, ...id, ...awsWords(target.aws));
      }
      // Their journals know how they are reached.
      return line("uploads", "abort", ...id, ...(target.via === "endpoint" ? authWords(target.endpoint.auth) : []));
    },
  };
}

function withoutSecrets(argv: readonly string[]) {
  const words: string[] = [];
  const variables = new Set<string>();
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? "";
    if (word === "--") return { words: [...words, ...argv.slice(at)], variables: [...variables] };
    const [flag = ""] = word.split("=", 1);
    const variable = secretFlags[flag];
    if (variable === undefined) {
      words.push(word);
      continue;
    }
    variables.add(variable);
    if (word === flag) at += 1;
  }
  return { words, variables: [...variables] };
}

function awsWords({
  profile,
  region,
  endpointUrl,
  pathStyle,
  signRequests,
}: (PutTarget & { via: "credentials" })["aws"]) {
  return [
    ...(profile === undefined ? [] : ["--profile", profile]),
    ...(region === undefined ? [] : ["--region", region]),
    ...(endpointUrl === undefined ? [] : ["--endpoint-url", endpointUrl]),
    ...(pathStyle === true ? ["--path-style"] : []),
    ...(signRequests ? [] : ["--no-sign-request"]),
  ];
}

function authWords(auth: (PutTarget & { via: "endpoint" })["endpoint"]["auth"]): readonly string[] {
  switch (auth.kind) {
    case "none":
    case "token":
      return [];
    case "token-command":
      return ["--token-command", auth.command];
    case "iam":
      return [
        "--auth",
        "iam",
        ...(auth.profile === undefined ? [] : ["--profile", auth.profile]),
        ...(auth.region === undefined ? [] : ["--region", auth.region]),
      ];
  }
}
