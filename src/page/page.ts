/** The upload page: joins what it is made of. The one file that touches the browser's globals of its own accord. */
import { S3upError } from "../errors.ts";
import { type BackendClient, createBackendClient } from "../http/backend-client.ts";
import { createEndpointDestination } from "../http/endpoint-destination.ts";
import type { Capabilities } from "../protocol/messages.ts";
import { browserClock } from "./browser-clock.ts";
import { createBrowserSender } from "./browser-sender.ts";
import { createCarrier } from "./carrier.ts";
import { listenForFiles } from "./drop-zone.ts";
import { type EarlierUpload, earlierUploads, forgetUpload, placeOf } from "./earlier-uploads.ts";
import { element, showText } from "./elements.ts";
import { adviceOf } from "./error-advice.ts";
import { createLatch, type Latch } from "./gate.ts";
import { limitsText } from "./limits-text.ts";
import { createLocalJournals, webLocks } from "./local-journals.ts";
import { type PageConfig, readPageConfig } from "./page-config.ts";
import { createSignIn, type SignIn } from "./sign-in.ts";
import { isActive } from "./upload-item.ts";
import { createUploadList, type UploadList } from "./upload-list.ts";
import { createUploadQueue, type UploadQueue } from "./upload-queue.ts";
import { createXhrExchange, reaches } from "./xhr-exchange.ts";

const stallTimeoutMs = 30_000;
const uploadsAtATime = 3;
const journalDelayMs = 300;
const shown = (id: string) => element(document, `#${id}`, HTMLElement);

async function start(): Promise<void> {
  const config = await loadConfig();
  showConfig(config);
  const network = watchNetwork();
  const exchange = createXhrExchange({ reaches, stallTimeoutMs });
  const signIn = createSignIn();
  const client = createBackendClient({
    endpoint: config.endpoint,
    sender: createBrowserSender(exchange, network),
    authorize: signIn.authorize,
    clock: browserClock,
    random: Math.random,
  });
  const able = await capabilitiesOf(client, signIn);
  await enter(able, signIn);

  const journals = createLocalJournals({
    storage: localStorage,
    locks: webLocks(navigator.locks),
    now: () => new Date(),
    later: (task) => setTimeout(task, journalDelayMs),
  });
  const newId = () => crypto.randomUUID();
  const earlier = new Map((await earlierUploads(journals, client.address)).map((upload) => [upload.id, upload]));
  const destination = createEndpointDestination({ client, completedBy: "endpoint", newId });
  const queue = createUploadQueue({
    atATime: uploadsAtATime,
    carry: createCarrier({ destination, exchange, network, clock: browserClock, random: Math.random, journals, newId }),
    newId,
    now: browserClock.now,
    onChange: (item) => list.show(item),
    forget: async (id, file) => {
      const place = file === undefined ? earlier.get(id)?.place : placeOf(file);
      if (place !== undefined) await forgetUpload(place, journals, client);
    },
  });
  const list = showUploads(config, queue, network, earlier);
  for (const { facts } of earlier.values()) queue.addUnfinished(facts);
  listenForFiles((files) => {
    for (const file of files) addFile(file, queue, earlier);
  });
  warnBeforeLeaving(queue);
  // Last: what is chosen before somebody listens would be lost.
  shown("drop").hidden = false;
}

/** A file that was begun in an earlier visit goes on where it was. */
function addFile(file: File, queue: UploadQueue, earlier: ReadonlyMap<string, EarlierUpload>): void {
  const begun = queue.items.find(({ id, stage }) => stage === "unfinished" && earlier.get(id)?.place === placeOf(file));
  if (begun === undefined) queue.add(file);
  else queue.goOn(begun.id, file);
}

/** Asks for the file of an upload of an earlier visit. */
function askForFile(id: string, queue: UploadQueue, earlier: ReadonlyMap<string, EarlierUpload>): void {
  const input = element(document, "#again", HTMLInputElement);
  input.onchange = () => {
    const [file] = input.files ?? [];
    input.value = "";
    if (file === undefined) return;
    if (earlier.get(id)?.place === placeOf(file)) queue.goOn(id, file);
    else queue.note(id, `${file.name} is another file, or has changed since.`);
  };
  input.click();
}

async function loadConfig(): Promise<PageConfig> {
  const answer = await fetch("config.json", { cache: "no-cache" }).catch(() => undefined);
  if (answer?.ok !== true) {
    throw new S3upError("CONFIG_INVALID", "This page is not set up correctly.", {
      why: "config.json is not beside it.",
    });
  }
  return readPageConfig(await answer.text(), location.href);
}

function showConfig({ title, link }: PageConfig): void {
  if (title !== undefined) {
    shown("title").textContent = title;
    document.title = title;
  }
  if (link === undefined) return;
  const anchor = document.createElement("a");
  anchor.href = link.href;
  anchor.textContent = link.text;
  shown("link").append(anchor);
  shown("link").hidden = false;
}

/** What the endpoint tells of itself; where that is not for everybody either, once the user has signed in. */
async function capabilitiesOf(client: BackendClient, signIn: SignIn): Promise<Capabilities> {
  for (;;) {
    const hadToken = signIn.hasToken;
    try {
      const able = await client.capabilities(new AbortController().signal);
      showText(shown("problem"), undefined);
      return able;
    } catch (error) {
      if (!signIn.isAsking) throw error;
      if (hadToken) showProblem(error);
      await signIn.ask();
    }
  }
}

function showProblem(error: unknown): void {
  const { what, why, next } = adviceOf(error);
  showText(shown("problem"), [what, why, next].filter(Boolean).join(" "));
}

/** @throws S3upError NOT_ALLOWED for an endpoint that no page can call */
async function enter(able: Capabilities, signIn: SignIn): Promise<void> {
  if (able.auth === "iam") {
    throw new S3upError("NOT_ALLOWED", "This page cannot upload to its endpoint.", {
      why: "The endpoint takes requests signed with AWS credentials, which no page may have.",
    });
  }
  if (able.auth === "jwt" && !signIn.hasToken) await signIn.ask();
  showText(shown("limits"), limitsText(able));
}

function watchNetwork(): Latch {
  const network = createLatch(navigator.onLine);
  const show = () => {
    shown("offline").hidden = network.isOpen;
  };
  window.addEventListener("online", () => {
    network.open();
    show();
  });
  window.addEventListener("offline", () => {
    network.close();
    show();
  });
  show();
  return network;
}

function showUploads(
  config: PageConfig,
  queue: UploadQueue,
  network: Latch,
  earlier: ReadonlyMap<string, EarlierUpload>,
): UploadList {
  const list = createUploadList({
    title: config.title ?? document.title,
    items: () => queue.items,
    fileOf: queue.fileOf,
    surroundings: () => ({ online: network.isOpen }),
    onAction: (action, id) => {
      if (action === "pause") queue.pause(id);
      if (action === "continue") queue.proceed(id);
      if (action === "retry") queue.retry(id);
      if (action === "cancel" || action === "discard") queue.cancel(id);
      if (action === "choose") askForFile(id, queue, earlier);
      if (action !== "remove") return;
      queue.remove(id);
      list.remove(id);
    },
  });
  for (const change of ["online", "offline"]) window.addEventListener(change, list.refresh);
  return list;
}

function warnBeforeLeaving(queue: UploadQueue): void {
  window.addEventListener("beforeunload", (event) => {
    if (queue.items.some(isActive)) event.preventDefault();
  });
}

start().catch(showProblem);
