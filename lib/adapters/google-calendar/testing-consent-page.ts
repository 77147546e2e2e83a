import { escapeHtml } from "./testing-answers";
import type { FakePerson } from "./testing-state";

const scopeTitles: Record<string, string> = {
  "https://www.googleapis.com/auth/calendar.calendarlist.readonly":
    "See the list of Google calendars you're subscribed to",
  "https://www.googleapis.com/auth/calendar.events.readonly": "View events on all your calendars",
  "https://www.googleapis.com/auth/calendar.events": "View and edit events on all your calendars",
};
/** These are granted with the sign-in itself. */
export const fixedScopes = ["openid", "email", "https://www.googleapis.com/auth/userinfo.email"];

/** The page on which a person allows or denies. Plain HTML: no script, nothing from elsewhere. */
export function consentPage(request: { id: string; people: FakePerson[]; chosen: string; scopes: string[] }): Response {
  const people = request.people.map(
    ({ email, name }) =>
      `<label><input type="radio" name="account" value="${escapeHtml(email)}"${email === request.chosen ? " checked" : ""}> ${escapeHtml(name)} (${escapeHtml(email)})</label>`,
  );
  const scopes = request.scopes
    .filter((scope) => !fixedScopes.includes(scope))
    .map(
      (scope) =>
        `<label><input type="checkbox" name="scope" value="${escapeHtml(scope)}" checked> ${escapeHtml(scopeTitles[scope] ?? scope)}</label>`,
    );
  return page(
    "Sample Google sign-in",
    `<p>This is not Google. It is a sample that comes with Burgeon; nothing leaves this machine.</p>
<form method="post" action="/o/oauth2/v2/auth">
<input type="hidden" name="request" value="${escapeHtml(request.id)}">
<fieldset><legend>Account</legend>${people.join("")}</fieldset>
<fieldset><legend>Burgeon wants to</legend>${scopes.join("")}</fieldset>
<p><button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></p>
</form>`,
  );
}

/** As Google, which shows such errors itself and never redirects with them. */
export function consentProblem(code: string, text: string): Response {
  return page(
    "Sample Google sign-in: request refused",
    `<p>Error 400: <code>${escapeHtml(code)}</code></p><p>${escapeHtml(text)}</p>`,
    400,
  );
}

function page(title: string, body: string, status = 200): Response {
  const style =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}label{display:block;padding:.25rem 0}fieldset{margin:1rem 0}button{font:inherit;padding:.5rem 1.5rem}";
  return new Response(
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${style}</style></head><body><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`,
    { status, headers: { "content-type": "text/html; charset=utf-8", "referrer-policy": "no-referrer" } },
  );
}
