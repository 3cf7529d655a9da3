/** The access token of an endpoint that asks for one: in memory only, gone when the page is closed. */
import type { BackendClientOptions } from "../http/backend-client.ts";
import { element } from "./elements.ts";

export interface SignIn {
  readonly authorize: NonNullable<BackendClientOptions["authorize"]>;
  /** Settles when the user has given a token. */
  ask(): Promise<void>;
}

/** @param onRefused told when the endpoint does not take the token any more */
export function createSignIn(onRefused: () => void): SignIn {
  let token: string | undefined;
  return {
    authorize: async (_request, refused) => {
      if (!refused) return token === undefined ? {} : { authorization: `Bearer ${token}` };
      token = undefined;
      onRefused();
      return undefined;
    },
    ask: async () => {
      token = await tokenFromForm();
    },
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
