import { language } from "./texts.js";

const Flag = "signed-in";
let token = null;
let refreshing = null;

/** A problem that the API answered with. */
export class ApiProblem extends Error {
  constructor(status, body, retryAfter) {
    super(body?.detail ?? `HTTP ${status}`);
    this.status = status;
    this.slug = (body?.type ?? "").split("/").pop();
    this.body = body ?? {};
    this.retryAfter = Number(retryAfter) || 1;
  }
}

export const isSignedIn = () => token !== null;
export const wasSignedIn = () => localStorage.getItem(Flag) === "1";

export function forget() {
  token = null;
  localStorage.removeItem(Flag);
}

function remember(answer) {
  token = answer.accessToken;
  localStorage.setItem(Flag, "1");
  return answer;
}

/** The refresh token lies in a cookie that no script can read. Several callers share one exchange: a token is spent by its use. */
export function refresh() {
  refreshing ??= send("/api/auth/refresh", { method: "POST" }).then(remember).finally(() => { refreshing = null; });
  return refreshing;
}

export const register = (fields) => json("/api/auth/register", "POST", fields).then(remember);
export const login = (fields) => json("/api/auth/login", "POST", fields).then(remember);
export const logout = () => send("/api/auth/logout", { method: "POST" }).finally(forget);

async function raw(path, init) {
  const headers = new Headers(init?.headers);
  headers.set("Accept-Language", language);
  if (token) headers.set("Authorization", `Bearer ${token}`);
  const response = await fetch(path, { ...init, headers });
  if (response.ok) return response;
  throw new ApiProblem(response.status, await response.json().catch(() => null), response.headers.get("Retry-After"));
}

async function send(path, init) {
  const response = await raw(path, init);
  return response.status === 204 ? null : response.json();
}

/** A call with the token, which is renewed once when it has run out. */
async function renewing(call) {
  try {
    return await call();
  } catch (problem) {
    if (problem.status !== 401 || !wasSignedIn()) throw problem;
    try {
      await refresh();
    } catch (failed) {
      if (failed.status === 401) forget();
      throw problem;
    }
    return call();
  }
}

export const get = (path) => renewing(() => send(path));

export function json(path, method, body, headers = {}) {
  const call = () => send(path, { method, headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) });
  return path.startsWith("/api/auth/") ? call() : renewing(call);
}

/** Reads a live stream to its end; joins again where a connection broke. */
export async function follow(path, onEvent, signal) {
  let last = null;
  let ended = false;
  while (!ended && !signal.aborted) {
    try {
      const response = await renewing(() => raw(path, { signal, headers: { Accept: "text/event-stream", ...(last ? { "Last-Event-ID": last } : {}) } }));
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ""; ;) {
        const { done, value } = await reader.read();
        if (done) break;
        const parts = (rest + value).split("\n\n");
        rest = parts.pop();
        for (const part of parts) {
          const event = { kind: "", data: "" };
          for (const line of part.split("\n")) {
            if (line.startsWith("event: ")) event.kind = line.slice(7);
            else if (line.startsWith("data: ")) event.data += line.slice(6);
            else if (line.startsWith("id: ")) last = line.slice(4);
          }
          if (event.kind) ended = onEvent(event.kind, JSON.parse(event.data || "{}")) || ended;
        }
      }
    } catch (problem) {
      if (signal.aborted) return;
      if (problem instanceof ApiProblem && problem.status < 500 && problem.status !== 429) throw problem;
    }
    if (!ended) await new Promise((resume) => setTimeout(resume, 1000));
  }
}
