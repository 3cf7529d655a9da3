import { describe, expect, test } from "vitest";
import { createBrowserSender, type Exchange } from "../../src/page/browser-sender.ts";
import { createLatch } from "../../src/page/gate.ts";
import type { SendOptions } from "../../src/upload/transport.ts";

const request = { method: "PUT", url: "https://s3.test/k", headers: {}, expiresIn: 60 } as const;
const answer = { status: 200, headers: {}, body: "" };
const soon = () => new Promise((resolve) => setTimeout(resolve, 0));

/** Sends half of the body, then waits to be let go. */
function halting() {
  const bodies: string[] = [];
  const running: (() => void)[] = [];
  const exchange: Exchange = async (_request, body, { signal, onSent }) => {
    bodies.push((await body?.text()) ?? "");
    onSent?.(2);
    await new Promise<void>((resolve, reject) => {
      running.push(resolve);
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    onSent?.(2);
    return answer;
  };
  return { bodies, running, exchange };
}

async function* once(...pieces: readonly string[]): AsyncGenerator<Uint8Array> {
  const memory = new Uint8Array(2);
  for (const piece of pieces) {
    memory.set(new TextEncoder().encode(piece));
    yield memory;
  }
}

const optionsOf = (changes: Partial<SendOptions> = {}): SendOptions => ({
  signal: new AbortController().signal,
  contentLength: 4,
  ...changes,
});

describe("a request", () => {
  test("carries a body that comes in the same memory again and again", async () => {
    const { bodies, running, exchange } = halting();
    const sending = createBrowserSender(exchange, createLatch()).send(request, once("ab", "cd"), optionsOf());
    await soon();
    running[0]?.();
    expect(await sending).toBe(answer);
    expect(bodies).toEqual(["abcd"]);
  });

  test("that is broken off by the gate begins anew when it opens, and takes its bytes back", async () => {
    const { bodies, running, exchange } = halting();
    const gate = createLatch();
    let sent = 0;
    const onSent = (bytes: number) => {
      sent += bytes;
    };
    const sending = createBrowserSender(exchange, gate).send(request, once("ab", "cd"), optionsOf({ onSent }));
    await soon();
    expect(sent).toBe(2);
    gate.close();
    await soon();
    expect([sent, bodies.length]).toEqual([0, 1]);
    gate.open();
    await soon();
    running.at(-1)?.();
    expect(await sending).toBe(answer);
    expect([sent, bodies]).toEqual([4, ["abcd", "abcd"]]);
  });

  test("that is stopped is not sent again", async () => {
    const { bodies, exchange } = halting();
    const controller = new AbortController();
    const sending = createBrowserSender(exchange, createLatch()).send(
      request,
      [new Uint8Array(4)],
      optionsOf({ signal: controller.signal }),
    );
    await soon();
    controller.abort(new Error("stop"));
    await expect(sending).rejects.toThrow("stop");
    expect(bodies).toHaveLength(1);
  });

  test("that fails by itself fails", async () => {
    const exchange: Exchange = async () => {
      throw new Error("reset");
    };
    await expect(createBrowserSender(exchange, createLatch()).send(request, undefined, optionsOf())).rejects.toThrow(
      "reset",
    );
  });
});
