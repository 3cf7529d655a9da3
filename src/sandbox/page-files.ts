/** The upload page as the sandbox serves it: the built files, its own `config.json`, and the policy that a host should set. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

interface Served {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const typeOf: Readonly<Record<string, string>> = {
  "index.html": "text/html; charset=utf-8",
  "page.js": "text/javascript; charset=utf-8",
  "page.css": "text/css; charset=utf-8",
  "icon.svg": "image/svg+xml",
};

const config = {
  endpoint: "presign",
  title: "Upload to the sandbox",
  link: { text: "About this sandbox", href: "sandbox" },
};

/**
 * @param path of the request, `/` for the page itself
 * @param s3 address of the bucket's server, the one foreign address that the page speaks to
 * @returns undefined for a path that is none of the page's, or where the page was not built
 */
export async function pageFile(path: string, s3: string): Promise<Served | undefined> {
  const name = path === "/" ? "index.html" : path.slice(1);
  if (name === "config.json") return served(JSON.stringify(config), "application/json", s3);
  const type = Object.hasOwn(typeOf, name) ? typeOf[name] : undefined;
  const file = type === undefined ? undefined : locate(name);
  if (type === undefined || file === undefined) return undefined;
  return served(await readFile(file, "utf8"), type, s3);
}

/** Beside the bundle's chunks; and for the sandbox as it is in `src`, where the build has put it. */
function locate(name: string): URL | undefined {
  const places = [`../page/${name}`, `../../dist/page/${name}`].map((path) => new URL(path, import.meta.url));
  return places.find((place) => place.pathname.includes("/dist/") && existsSync(place));
}

function served(body: string, type: string, s3: string): Served {
  return {
    body,
    headers: {
      "content-type": type,
      "content-security-policy": `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self' ${s3}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'`,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-cache",
    },
  };
}
