/** The access token of an endpoint that asks for one: in memory only, gone when the page is closed. */
import type { BackendClientOptions } from "../http/backend-client.ts";
import { element } from "./elements.ts";

export interface SignIn {
  readonly authorize: NonNullable<BackendClientOptions["authorize"]>;
  readonly hasToken: boolean;
  /** True while the user is being asked. */
  readonly isAsking: boolean;
  /** Settles when the user has given a token. Who asks meanwhile waits for the same one. */
  ask(): Promise<void>;
}

/** The user is asked when the endpoint refuses a request for want of a token that it takes. */
export function createSignIn(): SignIn {
  let token: string | undefined;
  let asking: Promise<void> | undefined;
  const ask = () => {
    asking ??= tokenFromForm().then((given) => {
      token = given;
      asking = undefined;
    });
    return asking;
  };
  return {
    authorize: async (_request, refused) => {
      if (!refused) return token === undefined ? {} : { authorization: `Bearer ${token}` };
      token = undefined;
      void ask();
      return undefined;
    },
    get hasToken() {
      return token !== undefined;
    },
    get isAsking() {
      return asking !== undefined;
    },
    ask,
  };
}

function tokenFromForm(): Promise<string> {
  const form = element(document, "#sign-in", HTMLFormElement);
  const input = element(form, "#token", HTMLInputElement);
  form.hidden = false;
  input.focus();
  return new Promise((resolve) => {
    const submit = (event: SubmitEvent) => {
      event.preventDefault();
      const given = input.value.trim().replace(/^bearer\s+/i, "");
      // What cannot stand in a header would fail far from here.
      if (!/^[!-~]+$/.test(given)) return;
      form.removeEventListener("submit", submit);
      form.hidden = true;
      input.value = "";
      resolve(given);
    };
    form.addEventListener("submit", submit);
  });
}
