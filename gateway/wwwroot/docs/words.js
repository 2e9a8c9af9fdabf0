const words = {
  en: {
    other: "Español", otherCode: "es", skip: "Skip to the operations", operations: "Operations", filter: "Filter",
    authorize: "Sign in for trying things out", token: "Access token", key: "or API key", session: "Use my session in this browser",
    sessionGood: "Token in place, good for 15 minutes.", sessionBad: "There is no session here. Sign in on the start page first.",
    missing: "Not reachable just now, so missing below: {n}.", failed: "The description could not be loaded. Try again in a moment.",
    parameters: "Parameters", body: "Request body", responses: "Answers", tryIt: "Try it", send: "Send", sending: "Sending…", answer: "Answer",
    name: "Name", place: "In", type: "Type", meaning: "Meaning", required: "required", none: "no body", file: "File",
    stream: "This stream is cut off after 8 seconds here.", bytes: "{n} bytes of {t}", unreachable: "No answer: {n}", operator: "operator",
  },
  es: {
    other: "English", otherCode: "en", skip: "Ir a las operaciones", operations: "Operaciones", filter: "Filtrar",
    authorize: "Identifícate para probar", token: "Token de acceso", key: "o clave de API", session: "Usar mi sesión de este navegador",
    sessionGood: "Token listo, vale 15 minutos.", sessionBad: "Aquí no hay sesión. Entra primero en la página de inicio.",
    missing: "Ahora mismo no responden, por eso faltan abajo: {n}.", failed: "No se pudo cargar la descripción. Inténtalo en un momento.",
    parameters: "Parámetros", body: "Cuerpo", responses: "Respuestas", tryIt: "Probar", send: "Enviar", sending: "Enviando…", answer: "Respuesta",
    name: "Nombre", place: "En", type: "Tipo", meaning: "Significado", required: "obligatorio", none: "sin cuerpo", file: "Archivo",
    stream: "Aquí el flujo se corta a los 8 segundos.", bytes: "{n} bytes de {t}", unreachable: "Sin respuesta: {n}", operator: "operador",
  },
};

const remembered = localStorage.getItem("language");
export let language = words[remembered] ? remembered : document.documentElement.lang === "es" ? "es" : "en";

export const w = (key, values = {}) => words[language][key].replaceAll(/\{(\w)\}/g, (_, name) => values[name]);

export function switchLanguage() {
  language = w("otherCode");
  localStorage.setItem("language", language);
}

export function applyWords() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = w(node.dataset.t);
  for (const node of document.querySelectorAll("[data-tp]")) node.placeholder = w(node.dataset.tp);
  for (const node of document.querySelectorAll("[data-tl]")) node.setAttribute("aria-label", w(node.dataset.tl));
  const button = document.getElementById("language");
  button.textContent = w("other");
  button.lang = w("otherCode");
}

/** An element with attributes and children. Text is always set as text: descriptions come from elsewhere. */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && name !== "list") node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}
