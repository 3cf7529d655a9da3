/** What can be said of rules without auditing anything: what they are, why, and which permissions they take. */
import { settingsDrift } from "../audit/drift.ts";
import { partitionOf } from "../audit/partition.ts";
import { permissionsFor } from "../audit/permissions.ts";
import { chooseRules, findRule } from "../audit/rule-choice.ts";
import { rules as allRules } from "../audit/rules/index.ts";
import { suppressionExpired } from "../audit/suppress.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { Runtime, ToldRule } from "../runtime.ts";
import type { AuditOptions, AuditTask } from "./audit.ts";

type Telling = Exclude<AuditTask, { readonly kind: "audit" }>;

/** @throws S3upError USAGE for a rule that is none */
export async function tellRules(options: AuditOptions, task: Telling, runtime: Runtime): Promise<ExitCode> {
  runtime.stdout.write(await textOf(options, task, runtime));
  return EXIT.ok;
}

async function textOf(options: AuditOptions, task: Telling, runtime: Runtime): Promise<string> {
  if (task.kind === "permissions") return permissionsText(options);
  const texts = await runtime.auditTexts();
  const others: readonly ToldRule[] = [settingsDrift, suppressionExpired].map((one) => ({ ...one, needs: [] }));
  if (task.kind === "explain-rule") {
    const rule = findRule<ToldRule>([...allRules, ...others], task.id);
    return options.format === "json" ? texts.ruleListJson([rule]) : texts.ruleExplanation(rule);
  }
  const isChosen = options.rules.only.length > 0 || options.rules.skip.length > 0;
  const rules: readonly ToldRule[] = isChosen ? chooseRules(allRules, options.rules) : [...allRules, ...others];
  return options.format === "json" ? texts.ruleListJson(rules) : texts.ruleTable(rules);
}

function permissionsText({ rules, targets, aws: { region }, signer }: AuditOptions): string {
  const partition = partitionOf(region);
  const names = targets.kind === "buckets" ? targets.names : [];
  const { functionName, role } = signer;
  const policy = permissionsFor(chooseRules(allRules, rules), {
    partition,
    buckets: names.length > 0 ? names : "all",
    region,
    functionName,
    roleArn: role === undefined || role.startsWith("arn:") ? role : `arn:${partition}:iam::*:role/${role}`,
  });
  return `${JSON.stringify(policy, undefined, 2)}\n`;
}
