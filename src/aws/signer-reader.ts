/** The signer: a function with the role that it wears, or a role alone. */

import type { AwsService } from "../audit/facet-access.ts";
import type { Signer } from "../audit/facets.ts";
import type { Reading } from "../audit/snapshot.ts";
import type { AuditClients } from "./audit-clients.ts";
import { absent, gathered, PartUnread } from "./facet-reading.ts";
import { readFunction, regionOfFunction } from "./function-reader.ts";
import { readRole } from "./role-reader.ts";

/** Both undefined: nobody named a signer. A role that is named wins over the function's. */
export interface SignerToRead {
  /** Name or ARN, both. */
  readonly functionName: string | undefined;
  readonly role: string | undefined;
}

/** @throws S3upError USAGE when there is no such function or role, CREDENTIALS_* */
export async function readSigner(
  clients: AuditClients,
  { functionName, role }: SignerToRead,
  signal: AbortSignal,
): Promise<Reading<Signer>> {
  if (functionName === undefined && role === undefined) return absent;
  return gathered({ signal, about: {} }, async (ask) => {
    const ofFunction =
      functionName === undefined
        ? undefined
        : await readFunction(await lambdaFor(clients, functionName), functionName, ask, signal);
    const worn = await readRole(await iamFor(clients), role ?? ofFunction?.roleArn ?? "", ask, signal);
    return ofFunction === undefined ? worn : { ...worn, function: ofFunction.function };
  });
}

async function lambdaFor(clients: AuditClients, functionName: string) {
  mustBeReachable(clients, "lambda");
  const region = regionOfFunction(functionName) ?? clients.facts.region;
  return { lambda: await clients.lambda(region), apigateway: (of: string) => clients.apigateway(of) };
}

async function iamFor(clients: AuditClients) {
  mustBeReachable(clients, "iam");
  return clients.iam();
}

/** Keys of another S3 server have no business at AWS. */
function mustBeReachable(clients: AuditClients, service: AwsService): void {
  const endpoint = clients.endpointOf(service);
  if (endpoint.kind !== "unknown") return;
  throw new PartUnread(`S3 is another server than AWS, and ${endpoint.variable} does not say where its ${service} is`);
}
