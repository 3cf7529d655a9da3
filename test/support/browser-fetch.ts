/**
 * `fetch` as a page of one origin has it: a preflight before any request that is not simple, and no answer without
 * permission. Source: the Fetch standard, "CORS protocol".
 */

const simpleHeaders = new Set(["accept", "accept-language", "content-language"]);
const simpleTypes = /^(text\/plain|multipart\/form-data|application\/x-www-form-urlencoded)(;|$)/;
const readableHeaders = new Set([
  "cache-control",
  "content-language",
  "content-length",
  "content-type",
  "expires",
  "last-modified",
]);

export function browserFetch(origin: string): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const address = String(input);
    const headers = new Headers(init.headers);
    await preflight(origin, address, init.method ?? "GET", headers);
    headers.set("origin", origin);
    const answer = await fetch(address, { ...init, headers });
    refuseUnless(isAllowed(answer, origin), `${address} admits no ${origin}`);
    return readableBy(answer);
  };
}

async function preflight(origin: string, address: string, method: string, headers: Headers): Promise<void> {
  const asked = [...headers].filter(([name, value]) => !isSimple(name, value)).map(([name]) => name);
  if (asked.length === 0 && /^(GET|HEAD|POST)$/.test(method)) return;
  const answer = await fetch(address, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": method,
      ...(asked.length === 0 ? {} : { "access-control-request-headers": asked.toSorted().join(",") }),
    },
  });
  await answer.text();
  refuseUnless(answer.ok && isAllowed(answer, origin), `the preflight admits no ${origin}`);
  const methods = listIn(answer, "access-control-allow-methods");
  refuseUnless(
    /^(GET|HEAD|POST)$/.test(method) || methods.includes(method.toLowerCase()),
    `the preflight admits no ${method}`,
  );
  const allowed = listIn(answer, "access-control-allow-headers");
  const missing = asked.filter((name) => !allowed.includes(name));
  refuseUnless(missing.length === 0, `the preflight admits no ${missing.join(", ")}`);
}

function isSimple(name: string, value: string): boolean {
  return simpleHeaders.has(name) || (name === "content-type" && simpleTypes.test(value));
}

function isAllowed(answer: Response, origin: string): boolean {
  const allowed = answer.headers.get("access-control-allow-origin");
  return allowed === origin || allowed === "*";
}

/** The same answer with the headers that the page may see. */
function readableBy(answer: Response): Response {
  const exposed = listIn(answer, "access-control-expose-headers");
  const headers = [...answer.headers].filter(([name]) => readableHeaders.has(name) || exposed.includes(name));
  const hasBody = ![101, 204, 205, 304].includes(answer.status);
  return new Response(hasBody ? answer.body : null, { status: answer.status, headers });
}

function listIn(answer: Response, name: string): readonly string[] {
  return (answer.headers.get(name) ?? "").split(",").map((word) => word.trim().toLowerCase());
}

function refuseUnless(holds: boolean, why: string): void {
  if (!holds) throw new TypeError(`Failed to fetch (CORS: ${why})`);
}
