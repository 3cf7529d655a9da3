/** Text of a file -> what it says, whatever form it has. */
import { configurationOf } from "./configuration.ts";
import { resourcesOfPlan, resourcesOfState, variablesOf } from "./plan-resources.ts";
import { resourcesOfRawState } from "./raw-state.ts";
import { type Recognised, recognise } from "./recognise.ts";
import { refusingDepth } from "./refusal.ts";
import type { Terraform } from "./resource.ts";

/** One for each plan in the file: the log of a test has several. @throws S3upError CONFIG_INVALID */
export function readTerraform(text: string, path: string): readonly Terraform[] {
  const documents = recognise(text, path);
  return refusingDepth(path, () => documents.map((document) => terraformOf(document, path)));
}

function terraformOf(recognised: Recognised, path: string): Terraform {
  const { kind, document } = recognised;
  switch (kind) {
    case "plan":
      return {
        kind: "plan",
        source: recognised.run === undefined ? path : `${path}, run "${recognised.run}"`,
        resources: resourcesOfPlan(document),
        configuration: configurationOf(document),
        variables: variablesOf(document),
      };
    case "state":
      return { ...ofState(path), resources: resourcesOfState(document) };
    case "raw-state":
      return { ...ofState(path), resources: resourcesOfRawState(document) };
  }
}

function ofState(path: string): Terraform {
  return { kind: "state", source: path, resources: [], configuration: undefined, variables: {} };
}
