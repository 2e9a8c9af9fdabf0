import { t } from "./texts.js";

const $ = (id) => document.getElementById(id);
let peaks = [];

/** Shows a finished track: what it is, its shape, a player, and its files. */
export function showTrack(track, focus = false, play = false) {
  const audio = track.files.filter((file) => file.kind === "audio");
  const source = audio.find((file) => file.format === "mp3") ?? audio[0];
  const name = track.title || t("untitled");
  const plan = track.plan ?? {};
  $("track-title").textContent = name;
  $("facts").replaceChildren(...[plan.genre ?? track.genre, plan.mood, plan.key, plan.tempo && `${Math.round(plan.tempo)} ${t("bpm")}`, plan.timeSignature]
    .filter(Boolean).map((fact) => Object.assign(document.createElement("li"), { textContent: fact })));
  $("player").src = source?.url ?? "";
  $("downloads").replaceChildren(...audio.map((file) => {
    const link = document.createElement("a");
    link.className = "button";
    link.href = file.url;
    link.download = `${name.replaceAll(/[^\p{L}\p{N} _-]/gu, "")}.${file.format}`;
    link.textContent = `↓ ${file.format.toUpperCase()}`;
    link.setAttribute("aria-label", `${t("download")} ${file.format.toUpperCase()}`);
    return link;
  }));
  $("result").hidden = false;
  showPeaks(track.files.find((file) => file.kind === "waveform"));
  if (focus) {
    $("result").focus({ preventScroll: true });
    $("result").scrollIntoView({ block: "nearest" });
  }
  if (play) $("player").play().catch(() => null);
}

export function stopPlaying() {
  $("player").pause();
}

/** The waveform is an extra: a track without one is simply shown without. */
async function showPeaks(file) {
  peaks = [];
  $("peaks").hidden = true;
  if (!file) return;
  const response = await fetch(file.url).catch(() => null);
  if (!response?.ok) return;
  const shape = await response.json().catch(() => null);
  const list = Array.isArray(shape) ? shape : shape?.peaks;
  if (!Array.isArray(list) || list.length === 0) return;
  peaks = list.map((peak) => Math.abs(Array.isArray(peak) ? Math.max(...peak.map(Math.abs)) : Number(peak) || 0));
  const top = Math.max(...peaks) || 1;
  peaks = peaks.map((peak) => peak / top);
  $("peaks").hidden = false;
  draw();
}

function draw() {
  const canvas = $("peaks");
  if (canvas.hidden || peaks.length === 0) return;
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  const player = $("player");
  const played = player.duration ? player.currentTime / player.duration : 0;
  const bars = Math.floor(width / 4);
  for (let n = 0; n < bars; n++) {
    const slice = peaks.slice(Math.floor((n * peaks.length) / bars), Math.max(Math.floor(((n + 1) * peaks.length) / bars), Math.floor((n * peaks.length) / bars) + 1));
    const tall = Math.max(2, Math.max(...slice) * height);
    const x = n / bars;
    context.fillStyle = x <= played ? `hsl(${174 + x * 106} 90% 64%)` : "#3a3e5c";
    context.fillRect(n * 4, (height - tall) / 2, 2.5, tall);
  }
}

$("player").addEventListener("timeupdate", draw);
$("player").addEventListener("seeked", draw);
window.addEventListener("resize", draw);
$("peaks").addEventListener("click", (event) => {
  const player = $("player");
  if (player.duration) player.currentTime = (event.offsetX / event.target.clientWidth) * player.duration;
});
