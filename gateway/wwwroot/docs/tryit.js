import { exampleOf, resolve } from "./schema.js";
import { h, w } from "./words.js";

const StreamMilliseconds = 8000;
const LongestShown = 40000;

/** The form that sends a request, and shows what came back. */
export function tryForm(api, method, path, operation, parameters) {
  const [media, content] = Object.entries(resolve(api, operation.requestBody).content ?? {})[0] ?? [];
  const isForm = media?.startsWith("multipart/");
  const inputs = parameters.filter((parameter) => ["path", "query", "header"].includes(parameter.in));
  const out = h("div", { role: "status" });
  const send = h("button", { className: "main" }, w("send"));
  const form = h("form", { className: "try" }, h("h3", {}, w("tryIt")),
    h("div", { className: "pair" }, inputs.map((parameter) => h("div", {},
      h("label", {}, `${parameter.name} `, h("input", { name: `${parameter.in}:${parameter.name}`, required: parameter.in === "path", autocomplete: "off", placeholder: parameter.schema?.default ?? "" }))))),
    media && !isForm ? h("label", {}, w("body"), h("textarea", { name: "body", spellcheck: false, value: JSON.stringify(exampleOf(api, content.schema ?? {}), null, 2) })) : null,
    isForm ? Object.keys(resolve(api, content.schema).properties ?? { file: {} }).map((name) => h("label", {}, `${w("file")}: ${name}`, h("input", { type: "file", name: `file:${name}` }))) : null,
    h("p", { className: "row" }, send), out);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    out.replaceChildren(w("sending"));
    try {
      out.replaceChildren(...await request(method, path, new FormData(form), media, isForm));
    } catch (problem) {
      out.replaceChildren(h("p", { className: "error" }, w("unreachable", { n: problem.message })));
    } finally {
      send.disabled = false;
    }
  });
  return form;
}

async function request(method, path, fields, media, isForm) {
  const headers = new Headers();
  const query = new URLSearchParams();
  const upload = new FormData();
  let address = path;
  for (const [name, value] of fields) {
    const [place, key] = [name.split(":")[0], name.slice(name.indexOf(":") + 1)];
    if (place === "path") address = address.replace(`{${key}}`, encodeURIComponent(value));
    else if (place === "query" && value) query.append(key, value);
    else if (place === "header" && value) headers.set(key, value);
    else if (place === "file" && value.size) upload.append(key, value);
  }
  const token = document.getElementById("token").value.trim();
  const key = document.getElementById("key").value.trim();
  if (token) headers.set("Authorization", `Bearer ${token}`);
  else if (key) headers.set("X-Api-Key", key);
  const init = { method: method.toUpperCase(), headers };
  if (isForm) init.body = upload;
  else if (media) {
    headers.set("Content-Type", media);
    init.body = fields.get("body");
  }
  const stop = new AbortController();
  const response = await fetch(address + (query.size ? `?${query}` : ""), { ...init, signal: stop.signal });
  return show(response, stop);
}

async function show(response, stop) {
  const type = response.headers.get("Content-Type") ?? "";
  const told = ["Location", "Retry-After", "RateLimit", "RateLimit-Policy", "ETag"].filter((name) => response.headers.has(name));
  const parts = [h("h3", {}, `${w("answer")}: ${response.status} ${response.statusText}`)];
  if (told.length) parts.push(h("pre", {}, told.map((name) => `${name}: ${response.headers.get(name)}`).join("\n")));
  if (type.startsWith("text/event-stream")) parts.push(h("p", { className: "soft" }, w("stream")), h("pre", {}, await firstSeconds(response, stop)));
  else if (type.includes("json")) parts.push(h("pre", {}, pretty(await response.text())));
  else if (type.startsWith("text/")) parts.push(h("pre", {}, (await response.text()).slice(0, LongestShown)));
  else parts.push(...media(await response.blob(), type));
  return parts;
}

function media(blob, type) {
  if (blob.size === 0) return [h("p", { className: "soft" }, w("none"))];
  const note = h("p", { className: "soft" }, w("bytes", { n: blob.size.toLocaleString(), t: type }));
  const src = URL.createObjectURL(blob);
  if (type.startsWith("audio/")) return [note, h("audio", { controls: true, src })];
  return type.startsWith("image/") ? [note, h("img", { src, alt: "", width: 320 })] : [note];
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2).slice(0, LongestShown);
  } catch {
    return text.slice(0, LongestShown);
  }
}

async function firstSeconds(response, stop) {
  const timer = setTimeout(() => stop.abort(), StreamMilliseconds);
  let text = "";
  try {
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) text += piece;
  } catch (problem) {
    if (problem.name !== "AbortError") throw problem;
  } finally {
    clearTimeout(timer);
  }
  return text;
}
