import { endpointNotNamed, failsWith, hasSigned, hostOf, signedNothing } from "../endpoint-answers.ts";
import type { EndpointFacts } from "../endpoint-facts.ts";
import { hostileNames } from "../hostile-names.ts";
import { hostileTraits } from "../probed-key.ts";
import { defineRule, type Violation } from "../rule.ts";

export const keySanitised = defineRule({
  id: "key-sanitised",
  layer: 4,
  severity: "medium",
  title: "A file name cannot choose where an upload goes",
  why: "The sender names the file, and whatever reads the key later (a sync job, a log, a download) takes it for a path or a command. Only the signer can keep that out.",
  fix: {
    cli: `# in the function that signs: make the key yourself, and let only safe characters of the name into it
const safe = fileName.split(/[/\\\\]/).pop().replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[.-]+|[.-]+$/g, "").slice(-100) || "file";
const key = \`PREFIX\${uuid}-\${safe}\`;`,
    terraform: "# Object keys are made by the function that signs; see the other fix.",
  },
  needs: ["endpoint"],

  evaluate({ endpoint }) {
    if (endpoint === undefined) return endpointNotNamed;
    if (!hasSigned(endpoint)) return signedNothing(endpoint);
    const violations = violationsOf(endpoint);
    const unclear = endpoint.names.filter(({ answer }) => answer === "unclear").length;
    if (violations.length === 0 && unclear > 0) {
      const message = `${hostOf(endpoint)} gave no clear answer to ${unclear} of ${endpoint.names.length} hostile names.`;
      return { status: "unknown", message };
    }
    const refused = endpoint.names.filter(({ answer }) => answer === "refused").length;
    const message = `${hostOf(endpoint)} was asked with ${endpoint.names.length} hostile names: it refused ${refused} and signed safe keys for the rest.`;
    return failsWith(violations, message);
  },
});

/** The key itself is not repeated: it may differ from run to run, and what is wrong with it does not. */
function violationsOf(endpoint: EndpointFacts): readonly Violation[] {
  return endpoint.names.flatMap(({ name, key }) => {
    const traits = key === undefined ? [] : hostileTraits(key);
    const hostile = hostileNames.find(({ id }) => id === name);
    if (traits.length === 0) return [];
    const message = `${hostOf(endpoint)} takes a name ${hostile?.what ?? name} into a key that ${traits.join(" and ")}.`;
    return [{ message, evidence: { fileName: hostile?.fileName ?? name } }];
  });
}
