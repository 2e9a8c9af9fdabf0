import { resolve, schemaTree, typeOf } from "./schema.js";
import { tryForm } from "./tryit.js";
import { applyWords, h, switchLanguage, w } from "./words.js";

const $ = (id) => document.getElementById(id);
const Methods = ["get", "post", "put", "patch", "delete"];
let api = null;

const idOf = (method, path) => `${method}-${path.replaceAll(/[^a-zA-Z0-9]+/g, "-").replaceAll(/^-|-$/g, "")}`;

function operations() {
  const groups = new Map();
  for (const [path, item] of Object.entries(api.paths).sort(([one], [other]) => one.localeCompare(other))) {
    for (const method of Methods.filter((name) => item[name])) {
      const operation = item[method];
      const group = operation.tags?.[0] ?? "API";
      if (!groups.has(group)) groups.set(group, []);
      groups.get(group).push({ id: idOf(method, path), method, path, operation, shared: item.parameters ?? [] });
    }
  }
  return [...groups].sort(([one], [other]) => one.localeCompare(other));
}

function parametersTable(parameters) {
  return h("div", { className: "scroll" }, h("table", {},
    h("thead", {}, h("tr", {}, ["name", "place", "type", "meaning"].map((key) => h("th", { scope: "col" }, w(key))))),
    h("tbody", {}, parameters.map((parameter) => h("tr", {},
      h("td", {}, parameter.name, parameter.required ? h("span", { className: "must" }, w("required")) : null),
      h("td", {}, parameter.in),
      h("td", {}, h("span", { className: "type" }, typeOf(api, parameter.schema ?? {}))),
      h("td", {}, parameter.description ?? ""))))));
}

function contents(node) {
  return Object.entries(node.content ?? {}).slice(0, 1).map(([media, content]) => h("div", {}, h("code", {}, media),
    // All problems look alike; the page says so once.
    media === "application/problem+json" ? null : schemaTree(api, content.schema ?? {})));
}

function body({ method, path, operation, shared }) {
  const parameters = [...shared, ...(operation.parameters ?? [])].map((parameter) => resolve(api, parameter));
  const request = operation.requestBody ? resolve(api, operation.requestBody) : null;
  return [
    operation.description ? h("p", { className: "text" }, operation.description) : null,
    parameters.length ? [h("h3", {}, w("parameters")), parametersTable(parameters)] : null,
    request ? [h("h3", {}, w("body")), contents(request)] : null,
    h("h3", {}, w("responses")),
    Object.entries(operation.responses ?? {}).map(([status, answer]) => {
      const resolved = resolve(api, answer);
      return h("div", {}, h("p", {}, h("code", {}, status), " ", h("span", { className: "soft" }, resolved.description ?? "")), contents(resolved));
    }),
    tryForm(api, method, path, operation, parameters),
  ].flat(2).filter(Boolean);
}

function operationNode(entry) {
  const details = h("details", { id: entry.id }, h("summary", {},
    h("span", { className: `method ${entry.method}` }, entry.method.toUpperCase()),
    h("span", { className: "path" }, entry.path),
    entry.operation["x-required-role"] ? h("span", { className: "lock" }, w("operator")) : null,
    h("span", { className: "what" }, entry.operation.summary ?? "")));
  // A hundred forms at once would be slow: each is made when it is opened.
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(...body(entry));
  });
  return details;
}

function render() {
  const groups = operations();
  $("title").textContent = `${api.info.title} API`;
  $("description").textContent = `${api.info.version} · ${api.info.description ?? ""}`;
  const missing = api["x-unavailable-services"] ?? [];
  $("missing").textContent = missing.length ? w("missing", { n: missing.join(", ") }) : "";
  $("groups").replaceChildren(...groups.map(([name, entries]) => h("section", { className: "group" }, h("h2", {}, name), entries.map(operationNode))));
  $("menu").replaceChildren(...groups.map(([name, entries]) => h("div", {}, h("h2", {}, name), entries.map((entry) => h("a", { href: `#${entry.id}` },
    h("span", { className: `method ${entry.method}` }, entry.method.toUpperCase()), h("span", {}, entry.path.replace("/api", "")))))));
  filter();
  open();
}

function open() {
  const node = $(decodeURIComponent(location.hash.slice(1)));
  for (const link of $("menu").querySelectorAll("a")) link.toggleAttribute("aria-current", link.hash === location.hash);
  if (node?.tagName !== "DETAILS") return;
  node.open = true;
  node.scrollIntoView();
  node.querySelector("summary").focus({ preventScroll: true });
}

function filter() {
  const wanted = $("filter").value.trim().toLowerCase();
  for (const link of $("menu").querySelectorAll("a")) {
    const node = $(link.hash.slice(1));
    const hit = node.querySelector("summary").textContent.toLowerCase().includes(wanted);
    link.hidden = node.hidden = !hit;
  }
  for (const group of [...$("menu").children, ...$("groups").children]) group.hidden = !group.querySelector("a:not([hidden]), details:not([hidden])");
}

async function useSession() {
  const response = await fetch("/api/auth/refresh", { method: "POST" }).catch(() => null);
  const answer = response?.ok ? await response.json() : null;
  $("token").value = answer?.accessToken ?? $("token").value;
  $("session-note").textContent = w(answer ? "sessionGood" : "sessionBad");
}

async function begin() {
  applyWords();
  $("filter").addEventListener("input", () => api && filter());
  $("language").addEventListener("click", () => { switchLanguage(); applyWords(); if (api) render(); });
  $("session").addEventListener("click", useSession);
  window.addEventListener("hashchange", open);
  try {
    const response = await fetch("/openapi/v1.json");
    if (!response.ok) throw new Error(response.statusText);
    api = await response.json();
  } catch {
    $("missing").textContent = w("failed");
    return;
  }
  render();
}

begin();
