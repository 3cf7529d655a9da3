/** Where a server is and who may use it, from the variables that the start scripts in `scripts/servers` write. */
import type { Account } from "./server.ts";

export interface RunningServer {
  readonly account: Account;
  /** As the server tells it: `20.2`. */
  readonly version: string;
}

/** `name` is `RGW` or `MOTO`; undefined when none is running. */
export function runningServer(name: "RGW" | "MOTO", environment: NodeJS.ProcessEnv): RunningServer | undefined {
  const variable = `S3UP_TEST_${name}`;
  const endpoint = environment[variable];
  if (endpoint === undefined) return undefined;
  const value = (suffix: string): string => {
    const found = environment[`${variable}_${suffix}`];
    if (found === undefined) throw new Error(`${variable} is set and ${variable}_${suffix} is not.`);
    return found;
  };
  const keys = { accessKeyId: value("ACCESS_KEY"), secretAccessKey: value("SECRET_KEY") };
  // moto's own account; RGW has none.
  const account = { endpoint, region: "us-east-1", accountId: "123456789012", ...keys };
  return { account, version: value("VERSION") };
}

/** Debian 12's Ceph 16, the fallback, knows neither encryption nor half of the other settings that an audit reads. */
export function withSettings(server: RunningServer | undefined): RunningServer | undefined {
  return server === undefined || Number.parseInt(server.version, 10) >= 18 ? server : undefined;
}
