import type { Call } from "./call.ts";

/** The members that every answer with something signed has. The time is the server's; only `expiresIn` is to be counted on. */
export function commonAnswer({ settings, ports, now }: Call, key: string, expiresIn: number) {
  return {
    v: 1,
    bucket: settings.bucket,
    key,
    expiresIn,
    expiresAt: new Date(now.getTime() + expiresIn * 1000).toISOString(),
    serverTime: now.toISOString(),
    region: ports.signer.region,
  } as const;
}
