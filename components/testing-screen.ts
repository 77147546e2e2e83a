import { parseHTML } from "linkedom";
import { act, type ReactElement } from "react";
import type { Root } from "react-dom/client";
import { vi } from "vitest";

/**
 * A page on which components are drawn, typed into and clicked, without a browser. Import it before the components: they ask
 * at once whether there is a document.
 */
const page = stubBrowser();
let root: Root | null = null;

/** Draws a component and returns the way to draw another one in its place. */
export async function openScreen(element: ReactElement): Promise<(next: ReactElement) => Promise<void>> {
  const { createRoot } = await import("react-dom/client");
  // What an earlier test has drawn must hear and keep nothing of this one.
  await act(async () => root?.unmount());
  page.body.innerHTML = "<main></main>";
  const own = createRoot(find("main"));
  root = own;
  const draw = (next: ReactElement) => act(async () => own.render(next));
  await draw(element);
  return draw;
}

/** The one element that the selector finds. */
export function find<Found extends HTMLElement>(selector: string): Found {
  const found = page.querySelectorAll<Found>(selector);
  if (found.length !== 1 || !found[0])
    throw new Error(`${found.length} elements are ${selector}: ${page.body.innerHTML}`);
  return found[0];
}

/** The button of this name, as it would be read out. */
export function button(name: string): HTMLButtonElement {
  const named = [...page.querySelectorAll<HTMLButtonElement>("button, [role=menuitem]")].filter(
    (one) => (one.getAttribute("aria-label") ?? one.textContent?.trim()) === name && isReached(one),
  );
  if (named.length !== 1 || !named[0]) throw new Error(`${named.length} buttons are called “${name}”`);
  return named[0];
}

/** The field with this label. */
export function field(label: string): HTMLInputElement {
  const labels = [...page.querySelectorAll("label")].filter((one) => one.textContent === label);
  return labels[0] ? find(`[id="${labels[0].getAttribute("for")}"]`) : find(`[aria-label="${label}"]`);
}

/** What is said to have failed where a person can read it: nothing behind an open dialog. */
export function alerts(): string[] {
  const all = [...page.querySelectorAll("[role=alert]")].filter(isReached);
  return all.map((one) => one.textContent ?? "");
}

/** Whether a dialog is open. */
export function hasDialog(): boolean {
  return page.querySelector("[role=dialog]") !== null;
}

export async function click(target: HTMLElement): Promise<void> {
  if (target.hasAttribute("disabled")) throw new Error(`“${target.textContent}” is off`);
  await send(target, "click");
  if (target.getAttribute("type") === "submit" && target.closest("form")) await send(target.closest("form"), "submit");
}

export async function press(target: HTMLElement, key: string): Promise<void> {
  await send(target, "keydown", { key });
}

/** Writes into a field what it then has. */
export async function type(target: HTMLElement, text: string): Promise<void> {
  // Not by the element's own setter, with which React keeps what it has written itself.
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(target), "value")?.set?.call(target, text);
  await send(target, "input");
}

/** Waits until what this begins is drawn. */
export async function settle(begin: () => void): Promise<void> {
  await act(async () => begin());
}

async function send(target: Element | null, name: string, more: object = {}): Promise<void> {
  const event = Object.assign(new Event(name, { bubbles: true, cancelable: true }), more);
  await act(async () => void target?.dispatchEvent(event));
}

/** A dialog hides from readers what it covers. */
function isReached(element: Element): boolean {
  return element.closest("[aria-hidden=true]") === null;
}

/** A browser of linkedom, with what it lacks and our components ask for. */
function stubBrowser(): Document {
  const { window, document } = parseHTML("<html><head></head><body></body></html>");
  const kept = new Map<string, string>();
  const localStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    clear: () => kept.clear(),
  };
  const listens = { addEventListener() {}, removeEventListener() {} };
  const nothing = { ...listens, observe() {}, unobserve() {}, disconnect() {}, close() {} };
  const Silent = function Silent() {
    return nothing;
  };
  const { HTMLElement, HTMLInputElement, MutationObserver, Node, CustomEvent, Event } = window;
  Object.defineProperty(HTMLInputElement.prototype, "type", {
    get(this: Element) {
      return this.getAttribute("type") ?? "text";
    },
  });
  // React looks for the first before it listens to what is typed.
  Object.assign(document, { oninput: null, activeElement: document.body });
  const globals = {
    ...{
      window,
      self: window,
      document,
      localStorage,
      HTMLElement,
      HTMLInputElement,
      MutationObserver,
      Node,
      CustomEvent,
      Event,
    },
    ...{ ResizeObserver: Silent, IntersectionObserver: Silent, EventSource: Silent, IS_REACT_ACT_ENVIRONMENT: true },
    NodeFilter: { SHOW_ELEMENT: 1, FILTER_ACCEPT: 1, FILTER_SKIP: 3 },
    getComputedStyle: () => ({}),
    matchMedia: () => ({ ...listens, matches: false }),
    requestAnimationFrame: (work: () => void) => setTimeout(work),
  };
  for (const [name, value] of Object.entries(globals)) {
    vi.stubGlobal(name, value);
    Object.assign(window, { [name]: value });
  }
  return document;
}
