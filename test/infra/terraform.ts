/** Terraform in a folder of its own: the sources stay as they are, and nothing of this machine's settings counts. */
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Ran, run } from "../support/built-program.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Folder with the providers, as `terraform init -plugin-dir` takes it; without one nothing here can run. */
export const providers = process.env.S3UP_TEST_TERRAFORM_PROVIDERS;
export const whenTerraform = "(where S3UP_TEST_TERRAFORM_PROVIDERS names a provider mirror)";

export interface Terraform {
  readonly folder: string;
  /** @throws Error with what Terraform said when it ends with another exit code than 0 */
  terraform(...words: readonly string[]): Promise<string>;
  /** The same, whatever its exit code. */
  attempt(...words: readonly string[]): Promise<Ran>;
  remove(): void;
}

/** A copy of a folder of the repository, such as `infra`; `at` is the root module in it. */
export function terraformIn(source: string, at = ".", env: Readonly<Record<string, string>> = {}): Terraform {
  const copy = mkdtempSync(join(tmpdir(), "s3up-terraform-"));
  const filter = (path: string) => !/\/(\.terraform|[^/]*\.tfstate)/.test(path);
  cpSync(join(root, source), join(copy, source), { recursive: true, filter });
  // where the modules look for the zip
  symlinkSync(join(root, "dist-lambda"), join(copy, "dist-lambda"));
  const folder = join(copy, source, at);
  const settings = {
    PATH: process.env.PATH ?? "",
    HOME: copy,
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    // A path that is not there would be a warning with each command.
    TF_CLI_CONFIG_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    ...env,
  };
  const attempt = (...words: readonly string[]) => run("terraform", words, { cwd: folder, env: settings });
  return {
    folder,
    attempt,
    terraform: async (...words) => {
      const { exitCode, stdout, stderr } = await attempt(...words);
      if (exitCode !== 0) throw new Error(`terraform ${words.join(" ")} ended with ${exitCode}: ${stderr || stdout}`);
      return stdout;
    },
    remove: () => rmSync(copy, { recursive: true, force: true }),
  };
}

export function initWords(): readonly string[] {
  if (providers === undefined || !existsSync(providers))
    throw new Error("S3UP_TEST_TERRAFORM_PROVIDERS names no folder");
  return ["init", "-input=false", "-no-color", "-backend=false", `-plugin-dir=${providers}`];
}

/** The resources of `terraform show -json` of a state, of all modules. */
export interface StateResource {
  readonly address: string;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a provider says of a resource is whatever the test expects of it.
  readonly values: any;
}

interface StateModule {
  readonly resources?: readonly StateResource[];
  readonly child_modules?: readonly StateModule[];
}

export async function stateOf({ terraform }: Terraform): Promise<readonly StateResource[]> {
  const state = JSON.parse(await terraform("show", "-json"));
  const inModule = ({ resources = [], child_modules = [] }: StateModule): readonly StateResource[] => [
    ...resources,
    ...child_modules.flatMap(inModule),
  ];
  return inModule(state.values?.root_module ?? {});
}

/** What a further apply would change, as `address: actions`. */
export async function changesIn({ terraform }: Terraform, ...words: readonly string[]): Promise<readonly string[]> {
  await terraform("plan", "-input=false", "-no-color", "-out=again.tfplan", ...words);
  const plan = JSON.parse(await terraform("show", "-json", "again.tfplan"));
  const changes: readonly { readonly address: string; readonly change: { readonly actions: readonly string[] } }[] =
    plan.resource_changes ?? [];
  return changes
    .filter(({ change }) => change.actions.join() !== "no-op" && change.actions.join() !== "read")
    .map(({ address, change }) => `${address}: ${change.actions.join(", ")}`)
    .toSorted();
}
