/** The built page on a host of its own, as S3 and CloudFront or any web server would have it. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface StaticHost {
  readonly url: string;
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "text/javascript",
  css: "text/css",
  svg: "image/svg+xml",
  json: "application/json",
};

/** @param config what stands in `config.json` when it is asked for; undefined: there is none */
export async function startStaticHost(config: () => object | undefined): Promise<StaticHost> {
  const server = createServer(async (request, response) => {
    const name = request.url === "/" ? "index.html" : (request.url ?? "").slice(1);
    const type = types[name.split(".").at(-1) ?? ""];
    const body = name === "config.json" ? JSON.stringify(config()) : await fileOf(name);
    if (body === undefined || type === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function fileOf(name: string): Promise<Buffer | undefined> {
  return readFile(new URL(`../../dist/page/${name}`, import.meta.url)).catch(() => undefined);
}
