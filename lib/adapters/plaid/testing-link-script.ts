/**
 * The stand-in for `https://cdn.plaid.com/link/v2/stable/link-initialize.js`: it defines `window.Plaid.create` with the same
 * options and callbacks and builds its dialog in the page. It is served as it stands here, so it is plain JavaScript.
 *
 * It works under `script-src 'self' 'nonce-…' 'strict-dynamic'`, `style-src 'self' 'unsafe-inline'` and `connect-src 'self'`:
 * everything it shows is inside the link token, styles are set on elements, and the one thing that it must tell the fake (that
 * update mode was finished) it tells by loading a script, which strict-dynamic lets a trusted script do.
 */
export const linkScript = `(() => {
  "use strict";
  const origin = document.currentScript ? new URL(document.currentScript.src || location.href).origin : location.origin;

  const readToken = (token) => {
    const text = String(token).replace(/^link-sandbox-/, "").replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  };

  const make = (tag, style, attributes, ...children) => {
    const element = document.createElement(tag);
    element.style.cssText = style;
    for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  const loadScript = (address) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => (script.remove(), resolve());
      script.onerror = () => (script.remove(), reject(new Error("The sample bank does not answer.")));
      document.head.append(script);
    });

  const font = "font:16px/1.5 system-ui,sans-serif;color:#1a1f1c;";
  const button =
    font + "min-height:44px;padding:8px 20px;border-radius:8px;border:1px solid #1f6f4a;cursor:pointer;";
  const row = "display:flex;gap:10px;align-items:center;min-height:44px;padding:4px 8px;cursor:pointer;" + font;

  function create(options) {
    const content = readToken(options.token);
    const session = "sample-" + Math.random().toString(36).slice(2);
    let dialog = null;
    let returnTo = null;
    let institution = null;

    const institutionView = () => institution && { name: institution.name, institution_id: institution.id };
    const tell = (name) => {
      if (options.onEvent)
        options.onEvent(name, {
          institution_id: institution ? institution.id : null,
          institution_name: institution ? institution.name : null,
          link_session_id: session,
          timestamp: new Date().toISOString(),
          is_update_mode: String(content.mode === "update"),
          request_id: session,
        });
    };
    const close = () => {
      if (!dialog) return;
      dialog.remove();
      dialog = null;
      if (returnTo && returnTo.focus) returnTo.focus();
    };
    const exit = (error) => {
      if (!dialog) return;
      close();
      tell("EXIT");
      if (options.onExit)
        options.onExit(error, {
          institution: institutionView(),
          status: institution ? "choose_account" : "institution_not_found",
          link_session_id: session,
          request_id: session,
        });
    };
    const finish = (chosen) => {
      const publicToken =
        content.mode === "update" ? institution.publicToken : institution.publicToken + "~" + chosen.map((account) => account.id).join("-");
      const metadata = {
        institution: institutionView(),
        accounts: chosen.map((account) => ({ ...account, verification_status: null, class_type: null })),
        link_session_id: session,
        transfer_status: null,
      };
      close();
      tell("HANDOFF");
      options.onSuccess(publicToken, metadata);
    };

    const show = (title, fields, onContinue) => {
      const message = make("p", font + "margin:8px 0 0;color:#a12622;min-height:24px;", { role: "alert" });
      const proceed = make("button", button + "background:#1f6f4a;color:#fff;", { type: "submit" }, "Continue");
      const cancel = make("button", button + "background:#fff;", { type: "button" }, "Cancel");
      const legend = make("legend", font + "font-weight:600;padding:0;margin-bottom:4px;", {}, title);
      const fieldset = make("fieldset", "border:0;padding:0;margin:0;min-width:0;", {}, legend, ...fields);
      const buttons = make("div", "display:flex;gap:12px;justify-content:flex-end;margin-top:8px;", {}, cancel, proceed);
      const form = make("form", "margin:0;", {}, fieldset, message, buttons);
      cancel.onclick = () => exit(null);
      form.onsubmit = (event) => {
        event.preventDefault();
        message.textContent = "";
        Promise.resolve(onContinue()).then(
          (problem) => (problem ? (message.textContent = problem) : undefined),
          (error) => (message.textContent = error.message),
        );
      };
      body.replaceChildren(form);
      const first = form.querySelector("input") || proceed;
      first.focus();
    };

    const choose = (kind, name, entries, isChecked) =>
      entries.map((entry, at) => {
        const input = make("input", "width:20px;height:20px;margin:0;", { type: kind, name, value: entry.id });
        input.checked = isChecked(entry, at);
        if (input.checked) input.setAttribute("checked", "");
        return make("label", row, {}, input, entry.mask ? entry.name + " ••" + entry.mask : entry.name);
      });
    const chosenOf = (name, entries) => {
      const values = [...body.querySelectorAll("input[name=" + name + "]")].filter((input) => input.checked).map((input) => input.value);
      return entries.filter((entry) => values.includes(entry.id));
    };

    const askForAccounts = () => {
      tell("SELECT_INSTITUTION");
      show("Which accounts of " + institution.name + "?", choose("checkbox", "account", institution.accounts, () => true), () => {
        const chosen = chosenOf("account", institution.accounts);
        if (chosen.length === 0) return "Choose at least one account.";
        finish(chosen);
      });
    };
    const askForBank = () => {
      if (content.institutions.length === 0) {
        show("No sample bank is offered for the countries of this installation.", [], () => exit(null));
        return;
      }
      show("Which bank?", choose("radio", "institution", content.institutions, (entry, at) => at === 0), () => {
        institution = chosenOf("institution", content.institutions)[0] || null;
        if (!institution) return "Choose a bank.";
        askForAccounts();
      });
    };
    const askToSignIn = () => {
      institution = content.institutions[0];
      show("Sign in to " + institution.name + " again", [], () =>
        loadScript(origin + "/link/finish-update.js?id=" + encodeURIComponent(content.id)).then(() => finish(institution.accounts)),
      );
    };

    const body = make("div", "", {});
    const open = () => {
      if (dialog) return;
      returnTo = document.activeElement;
      institution = null;
      const heading = make("h2", font + "font-size:20px;font-weight:600;margin:0;", { id: session }, "Sample bank sign-in");
      const note = make(
        "p",
        font + "margin:4px 0 16px;color:#4c5650;",
        {},
        "A stand-in for Plaid with made-up banks. " + content.clientName + " asks to read accounts and transactions.",
      );
      const box = make(
        "div",
        "background:#fff;border-radius:12px;padding:24px;width:min(440px,calc(100vw - 32px));max-height:calc(100vh - 32px);overflow:auto;box-sizing:border-box;box-shadow:0 8px 40px rgba(0,0,0,.3);",
        { role: "dialog", "aria-modal": "true", "aria-labelledby": session },
        heading,
        note,
        body,
      );
      dialog = make(
        "div",
        "position:fixed;inset:0;z-index:2147483000;background:rgba(0,0,0,.5);display:flex;align-items:center;justify-content:center;",
        { "data-sample-bank": "" },
        box,
      );
      dialog.onkeydown = (event) => {
        if (event.key === "Escape") exit(null);
        if (event.key !== "Tab") return;
        // Focus stays inside, as in any dialog.
        const stops = [...dialog.querySelectorAll("input,button")];
        const at = stops.indexOf(document.activeElement);
        const isAtEnd = event.shiftKey ? at <= 0 : at === stops.length - 1;
        if (!isAtEnd) return;
        event.preventDefault();
        stops[event.shiftKey ? stops.length - 1 : 0].focus();
      };
      document.body.append(dialog);
      tell("OPEN");
      if (new Date(content.expiresAt) < new Date()) {
        const error = { error_type: "INVALID_INPUT", error_code: "INVALID_LINK_TOKEN", error_message: "link token expired", display_message: null };
        exit(error);
      } else if (content.mode === "update") askToSignIn();
      else askForBank();
    };

    if (options.onLoad) setTimeout(options.onLoad, 0);
    return {
      open,
      submit: () => {},
      exit: (how) => (how && how.force ? close() : exit(null)),
      destroy: close,
    };
  }

  window.Plaid = { create };
})();
`;

/**
 * The same dialog as a page of its own: `/link/dialog?token=…&return=…`. It gives the public token to the window that opened
 * it, or goes to `return` with `public_token` in the query.
 */
export const linkDialogPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sample bank sign-in</title></head>
<body style="background:#eef2ef">
<script src="/link/v2/stable/link-initialize.js"></script>
<script>
  const query = new URLSearchParams(location.search);
  const back = query.get("return");
  const finish = (facts) => {
    if (window.opener) {
      window.opener.postMessage({ source: "sample-bank", ...facts }, back ? new URL(back).origin : "*");
      window.close();
    } else if (back && /^https?:/.test(back)) {
      const target = new URL(back);
      for (const [name, value] of Object.entries(facts)) if (value) target.searchParams.set(name, value);
      location.replace(target);
    }
  };
  Plaid.create({
    token: query.get("token"),
    onSuccess: (publicToken) => finish({ public_token: publicToken }),
    onExit: () => finish({ error: "access_denied" }),
  }).open();
</script>
</body>
</html>
`;
