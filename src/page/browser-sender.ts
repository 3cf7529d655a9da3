/** The engine's `PartSender` in a browser. */
import type { PartSender, RequestBody } from "../upload/transport.ts";
import type { Gate } from "./gate.ts";

/** One request, once; as `PartSender.send` otherwise. */
export type Exchange = (
  request: Parameters<PartSender["send"]>[0],
  body: Blob | undefined,
  options: Parameters<PartSender["send"]>[2],
) => ReturnType<PartSender["send"]>;

/** A request that is under way when the gate closes is broken off, and sent again from its first byte when it opens. */
export function createBrowserSender(exchange: Exchange, gate: Gate): PartSender {
  return {
    async send(request, body, options) {
      // A body may be readable only once; a blob is not.
      const blob = body === undefined ? undefined : await blobOf(body);
      for (;;) {
        await gate.passed(options.signal);
        let sent = 0;
        const closing = gate.closing();
        try {
          return await exchange(request, blob, {
            ...options,
            signal: AbortSignal.any([options.signal, closing]),
            onSent: (bytes) => {
              sent += bytes;
              options.onSent?.(bytes);
            },
          });
        } catch (error) {
          if (options.signal.aborted || !closing.aborted) throw error;
          options.onSent?.(-sent);
        }
      }
    },
    close: () => {},
  };
}

/** A copy, which the browser keeps outside the page's own memory. */
async function blobOf(body: RequestBody): Promise<Blob> {
  const pieces: Blob[] = [];
  // Each at once: the next block may come in the same memory.
  for await (const block of body) pieces.push(new Blob([block as Uint8Array<ArrayBuffer>]));
  return new Blob(pieces);
}
