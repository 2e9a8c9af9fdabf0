import { applyTexts, language, switchLanguage, t } from "./texts.js";
import { ApiProblem, follow, get, isSignedIn, json, logout, refresh, wasSignedIn } from "./api.js";
import { askAccount, setUpAccount } from "./account.js";
import { showTrack, stopPlaying } from "./player.js";

const $ = (id) => document.getElementById(id);
const Steps = ["queued", "composing", "rendering", "mastering", "completed"];
let running = null;
let genres = [];
let lastQuota = null;

function explain(problem) {
  if (!(problem instanceof ApiProblem)) return t("offline");
  if (problem.slug === "quota-exceeded") return t("spent", { t: time(problem.body.resetAt) });
  if (problem.slug === "rate-limited") return t("rate-limited", { n: problem.retryAfter });
  if (problem.body.errors) return Object.values(problem.body.errors).flat().join(" ");
  const known = t(problem.slug);
  return known === problem.slug ? problem.message : known;
}

const time = (iso) => iso ? new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", weekday: "short" }).format(new Date(iso)) : "";

function showQuota(quota) {
  lastQuota = quota ?? lastQuota;
  if (!lastQuota) return;
  const { remaining, resetAt } = lastQuota;
  $("quota").textContent = remaining === null ? t("unlimited") : remaining > 0 ? t("left", { n: remaining, t: time(resetAt) }) : t("spent", { t: time(resetAt) });
}

function showStage(kind, percent) {
  const stage = kind === "preview" ? "composing" : kind;
  const at = Steps.indexOf(stage);
  if (at < 0) return;
  for (const [n, item] of [...$("steps").children].entries()) item.className = n < at || stage === "completed" ? "done" : n === at ? "now" : "";
  if (percent !== undefined) $("percent").value = Math.max($("percent").value, percent);
  // Told once a stage, not with every percent: a screen reader would not stop talking.
  if ($("status").dataset.stage !== stage) {
    $("status").dataset.stage = stage;
    $("status").textContent = t(stage);
  }
}

async function make(event) {
  event?.preventDefault();
  $("order-error").textContent = "";
  if (!isSignedIn() && !(await askAccount("register"))) return;
  const form = new FormData($("order"));
  const order = { prompt: form.get("prompt").trim(), durationSeconds: Number(form.get("length")), quality: form.get("quality") };
  if (form.get("genre")) order.genre = form.get("genre");
  $("submit").disabled = true;
  try {
    const accepted = await place(order);
    showQuota(accepted.quota);
    await watch(accepted.id);
  } catch (problem) {
    $("order-error").textContent = problem.status === 401 ? t("signInAgain") : explain(problem);
    showAccount();
  } finally {
    $("submit").disabled = false;
  }
}

/** A part of the studio may be away for a moment. The same key makes trying again safe: the order is taken once. */
async function place(order) {
  const key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  for (let left = 3; ; left--) {
    try {
      return await json("/api/generations", "POST", order, { "Idempotency-Key": key });
    } catch (problem) {
      if (problem.status !== 503 || left === 0) throw problem;
      await new Promise((resume) => setTimeout(resume, problem.retryAfter * 1000));
    }
  }
}

async function watch(id) {
  stopPlaying();
  running = { id, stop: new AbortController() };
  $("result").hidden = true;
  $("percent").value = 0;
  delete $("status").dataset.stage;
  $("progress").hidden = false;
  $("progress").scrollIntoView({ block: "nearest" });
  showStage("queued", 0);
  let outcome = null;
  try {
    await follow(`/api/generations/${id}/events`, (kind, data) => {
      const stage = kind === "snapshot" ? data.status : kind;
      showStage(stage, data.progress);
      if (!["completed", "failed", "cancelled"].includes(stage)) return false;
      outcome = stage;
      return true;
    }, running.stop.signal);
  } finally {
    running = null;
    $("progress").hidden = true;
  }
  if (outcome === "completed") {
    showTrack(await get(`/api/generations/${id}`), true);
    await showRecent();
  } else if (outcome) {
    $("order-error").textContent = t(outcome);
  }
}

async function showRecent() {
  const { items } = await get("/api/generations?limit=8");
  const done = items.filter((track) => track.status === "completed");
  $("recent").hidden = done.length === 0;
  $("tracks").replaceChildren(...done.map((track) => {
    const row = document.createElement("li");
    const name = document.createElement("div");
    const title = document.createElement("strong");
    const detail = document.createElement("span");
    const play = document.createElement("button");
    name.className = "name";
    title.textContent = track.title || t("untitled");
    detail.textContent = [track.genre, new Date(track.createdAt).toLocaleDateString(language)].filter(Boolean).join(" · ");
    play.type = "button";
    play.textContent = "▶";
    play.setAttribute("aria-label", `${t("play")}: ${title.textContent}`);
    play.addEventListener("click", async () => showTrack(await get(`/api/generations/${track.id}`), true, true));
    name.append(title, detail);
    row.append(name, play);
    return row;
  }));
  const open = items.find((track) => !["completed", "failed", "cancelled"].includes(track.status));
  if (open && !running) watch(open.id).catch((problem) => { $("order-error").textContent = explain(problem); });
}

function showAccount() {
  $("sign-in").hidden = isSignedIn();
  $("sign-out").hidden = !isSignedIn();
  if (!isSignedIn()) $("recent").hidden = true;
}

function showGenres() {
  const chosen = $("genre").value;
  $("genre").replaceChildren($("genre").options[0], ...genres.map((genre) => new Option(language === "es" ? genre.nameEs ?? genre.name : genre.name, genre.slug)));
  $("genre").value = chosen;
}

function showTexts() {
  applyTexts();
  showGenres();
  showQuota();
  $("examples").replaceChildren(...t("ideas").map((idea) => {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.textContent = idea;
    chip.addEventListener("click", () => { $("prompt").value = idea; $("prompt").focus(); });
    return chip;
  }));
  $("steps").replaceChildren(...Steps.map((step) => Object.assign(document.createElement("li"), { textContent: t(step) })));
}

function drawWave() {
  const bars = 70;
  for (let n = 0; n < bars; n++) {
    const x = n / (bars - 1);
    const height = 8 + 72 * Math.sin(Math.PI * x) * Math.abs(Math.sin(x * 21) * 0.55 + Math.sin(x * 9.3 + 1) * 0.45);
    const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of Object.entries({ x: n * 8, y: 44 - height / 2, width: 4, height, rx: 2, fill: `hsl(${174 + x * 106} 90% 64%)`, opacity: 0.85 })) bar.setAttribute(name, value);
    bar.style.animationDelay = `${-x * 4.8}s`;
    $("wave").append(bar);
  }
}

async function begin() {
  setUpAccount(explain);
  drawWave();
  showTexts();
  $("order").addEventListener("submit", make);
  $("language").addEventListener("click", () => { switchLanguage(); showTexts(); });
  $("sign-in").addEventListener("click", async () => { if (await askAccount("login")) await signedIn(); });
  $("sign-out").addEventListener("click", async () => { await logout().catch(() => null); stopPlaying(); $("result").hidden = true; $("quota").textContent = ""; lastQuota = null; showAccount(); });
  $("cancel").addEventListener("click", () => running && json(`/api/generations/${running.id}/cancel`, "POST", {}).catch((problem) => { $("order-error").textContent = explain(problem); }));
  document.addEventListener("account", showAccount);
  get("/api/genres").then((answer) => { genres = answer.items ?? answer; showGenres(); }).catch(() => { $("genre").disabled = true; });
  if (wasSignedIn()) await refresh().then(signedIn).catch(() => null);
  showAccount();
}

async function signedIn() {
  showAccount();
  await showRecent().catch(() => null);
  await get("/api/tiers/limits").then(showQuota).catch(() => null);
}

begin();
