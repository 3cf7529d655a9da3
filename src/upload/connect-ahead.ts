/**
 * Opens the connections of an upload's first parts while the upload is being begun. Far away that saves each of them the
 * two round trips of its handshakes.
 */
import type { ByteRange } from "./plan.ts";
import type { UploadTools } from "./tools.ts";
import type { Destination } from "./transport.ts";

export interface FirstParts {
  readonly plan: { readonly parts: readonly ByteRange[] };
  readonly destination: Pick<Destination, "origin">;
  readonly tools: Pick<UploadTools, "sender" | "resources">;
}

/** The request that begins the upload takes one of them, and leaves it to a part. */
export async function connectAhead({ plan, destination, tools }: FirstParts): Promise<void> {
  const { sender, resources } = tools;
  const origin = await destination.origin?.();
  if (origin === undefined || sender.connect === undefined) return;
  const connect = (roundTrip?: number) =>
    sender.connect?.(origin, Math.min(plan.parts.length, resources.window.mostUnderWay(roundTrip)));
  // How far the host is only the first ones tell.
  const roundTrip = await connect();
  resources.window.expect(roundTrip);
  await connect(roundTrip);
}
