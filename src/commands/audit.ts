import { Argument, Command, Option } from "commander";
import type { Intent } from "../audit/intent.ts";
import type { IntentOptions } from "../audit/intent-from.ts";
import { type AuditFormat, auditFormatNames } from "../audit/report-formats.ts";
import type { RuleWish } from "../audit/rule-choice.ts";
import type { Suppression } from "../audit/suppress.ts";
import type { FailOn } from "../audit/threshold.ts";
import { S3upError } from "../errors.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { AwsSettings, EndpointSettings, Runtime } from "../runtime.ts";
import { type AuditOutput, chooseFormat, parseOutput } from "./audit-outputs.ts";
import { type AuditTargets, chooseTargets, parseBucket, parseTrusted } from "./audit-targets.ts";
import { type AwsFlags, addAwsOptions, addAwsPatienceOptions, awsSettings } from "./aws-options.ts";
import type { CommandContext } from "./command-context.ts";
import { addEndpointOptions, type EndpointFlags, endpointSettings } from "./endpoint-options.ts";
import { listOf, oneOf, parseDuration } from "./option-types.ts";

export interface AuditOptions {
  readonly task: AuditTask;
  readonly targets: AuditTargets;
  readonly aws: AwsSettings;
  readonly signer: { readonly functionName: string | undefined; readonly role: string | undefined };
  /** Undefined: no endpoint is probed. */
  readonly probe: { readonly endpoint: EndpointSettings; readonly upload: boolean } | undefined;
  readonly intent: IntentOptions;
  readonly rules: RuleWish;
  readonly failOn: FailOn;
  readonly suppressions: readonly Suppression[];
  /** Path of the configuration, for errors about suppressions. */
  readonly configPath: string | undefined;
  readonly baseline: string | undefined;
  readonly writeBaseline: string | undefined;
  readonly saveSnapshot: string | undefined;
  /** Directory of the Terraform configuration, to say in which line things are written. */
  readonly source: string | undefined;
  /** Of what stands on stdout. */
  readonly format: AuditFormat;
  /** Undefined where nobody said one. */
  readonly formatSaid: AuditFormat | undefined;
  readonly outputs: readonly AuditOutput[];
  readonly quiet: boolean;
  readonly progress: boolean;
  readonly color: boolean | undefined;
}

export type AuditTask =
  | { readonly kind: "audit" }
  | { readonly kind: "list-rules" }
  | { readonly kind: "explain-rule"; readonly id: string }
  | { readonly kind: "permissions" };

export interface AuditFlags extends AwsFlags, EndpointFlags {
  readonly region?: string;
  readonly profile?: string;
  readonly maxAttempts?: number;
  readonly all?: boolean;
  readonly snapshot?: string;
  readonly plan?: readonly string[];
  readonly source?: string;
  readonly saveSnapshot?: string;
  readonly probeUpload?: boolean;
  readonly function?: string;
  readonly role?: string;
  readonly prefix?: string;
  readonly origin?: readonly string[];
  readonly maxAge?: number;
  readonly mode?: NonNullable<Intent["mode"]>;
  readonly encryption?: string;
  readonly trust?: readonly string[];
  readonly rule?: readonly string[];
  readonly skip?: readonly string[];
  readonly failOn: FailOn;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly format?: AuditFormat;
  readonly output?: readonly AuditOutput[];
  readonly listRules?: boolean;
  readonly explainRule?: string;
  readonly permissions?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly progress?: boolean;
  readonly color?: boolean;
  /** From the `audit` section of the config file, where they have no option. */
  readonly kmsKeyId?: string;
  readonly signedHeaders?: readonly string[];
  readonly publicFunctionReason?: string;
  readonly suppressions?: readonly Suppression[];
  readonly configPath?: string;
}

const thresholds = ["critical", "high", "medium", "low", "info", "none"] as const satisfies readonly FailOn[];
const modes = ["put", "post", "multipart"] as const;

/** argv -> AuditOptions. Nothing else happens here. */
export function auditCommand({ runtime, finish }: CommandContext, run = runAudit): Command {
  const command = new Command("audit")
    .summary("check an upload bucket, its signer and its endpoint")
    .description(
      "Check in five layers whether a bucket is fit for uploads by strangers, and say what to change.\nIt only reads. What cannot be read is unknown, never a pass.",
    )
    .addArgument(new Argument("[bucket...]", "names of buckets").argParser(parseBucket))
    .option("--all", "every bucket of the account")
    .addOption(
      new Option(
        "--plan <file>",
        "audit a Terraform plan or state (terraform show -json; - for standard input), or beside buckets where they differ from it; repeatable",
      ).argParser(listOf),
    )
    .option("--source <directory>", "where that configuration is, to name the line of what is found")
    .option("--snapshot <file>", "audit what --save-snapshot wrote; no AWS and no credentials are needed")
    .option("--save-snapshot <file>", "write down what was read, without secrets");

  const group = (name: string, options: readonly Option[]) => {
    for (const option of options) command.addOption(option.helpGroup(name));
  };
  group("What the bucket is for:", [
    new Option("--prefix <prefix>", "where uploads go (default: uploads/, or what the signer says)"),
    new Option("--origin <origin>", "a web origin that may upload; repeatable").argParser(listOf),
    new Option("--max-age <time>", "longest life of a presigned URL (default: 15m)").argParser(parseDuration),
    new Option("--mode <mode>", `how browsers upload: ${modes.join(", ")}`).argParser(oneOf(modes)),
    new Option("--encryption <algorithm>", "the encryption that must be the default, such as aws:kms"),
    new Option("--trust <principal>", "an account id or ARN that is meant to have access; repeatable").argParser(
      parseTrusted,
    ),
  ]);
  group("Who signs:", [
    new Option("--function <name>", "the Lambda function that signs, with its role"),
    new Option("--role <arn>", "the role that signs"),
  ]);
  addEndpointOptions(command, "also probe this presign endpoint; counts only here and in the audit settings");
  group("Presign endpoint:", [new Option("--probe-upload", "let the probe upload 11 bytes, twice to one address")]);
  group("Rules:", [
    new Option("--rule <id>", "only this rule; repeatable").argParser(listOf),
    new Option("--skip <id>", "all rules but this one; repeatable").argParser(listOf),
    new Option("--fail-on <severity>", `exit with 1 from here on: ${thresholds.join(", ")}`)
      .argParser(oneOf(thresholds))
      .default("high"),
    new Option("--baseline <file>", "findings that are known and no longer fail"),
    new Option("--write-baseline <file>", "write down what fails now as known"),
    new Option("--list-rules", "show the rules and audit nothing"),
    new Option("--explain-rule <id>", "say why a rule is there and how to repair what it finds"),
    new Option("--permissions", "show the least IAM policy that this audit needs, and audit nothing"),
  ]);
  group("Report:", [
    new Option("--format <format>", `on stdout: ${auditFormatNames.join(", ")} (default: human)`).argParser(
      oneOf(auditFormatNames),
    ),
    new Option("-o, --output <file>", "also write a report there, as FILE or format=FILE; repeatable").argParser(
      parseOutput,
    ),
  ]);
  addAwsPatienceOptions(addAwsOptions(command));

  return command.addHelpText("after", examples).action(async (buckets: readonly string[]) => {
    finish(await run(auditOptions(buckets, command.optsWithGlobals<AuditFlags>()), runtime));
  });
}

const examples = `
Examples:
  $ s3up audit my-bucket --prefix uploads/ --origin https://app.example.com
  $ s3up audit my-bucket --function my-presigner
  $ s3up audit my-bucket --endpoint https://…/presign
  $ s3up audit --all --fail-on critical -o sarif=audit.sarif
  $ terraform show -json tfplan > plan.json; s3up audit --plan plan.json --source .
  $ s3up audit my-bucket --plan plan.json
  $ s3up audit my-bucket --save-snapshot bucket.json; s3up audit --snapshot bucket.json
`;

/** @throws S3upError USAGE */
export function auditOptions(buckets: readonly string[], flags: AuditFlags): AuditOptions {
  const task = taskOf(flags);
  const targets = chooseTargets(buckets, flags, task.kind === "audit");
  if (flags.source !== undefined && task.kind === "audit" && targets.kind !== "plan" && targets.kind !== "drift") {
    throw new S3upError("USAGE", "--source goes with --plan only.", {
      why: "It says where the resources of a plan are written.",
      hint: "Add --plan <file>, or leave --source out.",
    });
  }
  return {
    task,
    targets,
    aws: awsSettings(flags, buckets[0] ?? ""),
    signer: { functionName: flags.function, role: flags.role },
    probe:
      flags.endpoint === undefined
        ? undefined
        : { endpoint: endpointSettings(flags.endpoint, flags, {}), upload: flags.probeUpload ?? false },
    intent: {
      prefix: flags.prefix,
      origins: flags.origin,
      maxAgeSeconds: flags.maxAge,
      mode: flags.mode,
      encryption: flags.encryption,
      kmsKeyId: flags.kmsKeyId,
      signedHeaders: flags.signedHeaders,
      trustedPrincipals: flags.trust,
      publicFunctionReason: flags.publicFunctionReason,
    },
    rules: { only: flags.rule ?? [], skip: flags.skip ?? [] },
    failOn: flags.failOn,
    suppressions: flags.suppressions ?? [],
    configPath: flags.configPath,
    baseline: flags.baseline,
    writeBaseline: flags.writeBaseline,
    saveSnapshot: flags.saveSnapshot,
    source: flags.source,
    format: chooseFormat(flags) ?? "human",
    formatSaid: chooseFormat(flags),
    outputs: flags.output ?? [],
    quiet: flags.quiet ?? false,
    progress: flags.progress ?? true,
    color: flags.color,
  };
}

function taskOf({ listRules, explainRule, permissions }: AuditFlags): AuditTask {
  if (listRules) return { kind: "list-rules" };
  if (explainRule !== undefined) return { kind: "explain-rule", id: explainRule };
  return { kind: permissions ? "permissions" : "audit" };
}

/** AuditOptions -> snapshots -> results -> reports. The rules are loaded only now: other commands start without them. */
export async function runAudit(options: AuditOptions, runtime: Runtime): Promise<ExitCode> {
  if (options.task.kind === "audit") {
    const { auditBuckets } = await import("./audit-buckets.ts");
    return auditBuckets(options, runtime);
  }
  const { tellRules } = await import("./audit-rules.ts");
  return tellRules(options, options.task, runtime);
}
