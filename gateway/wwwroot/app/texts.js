const texts = {
  en: {
    other: "Español", otherCode: "es",
    skip: "Skip to the prompt", signIn: "Sign in", signOut: "Sign out", close: "Close",
    title1: "Describe it.", title2: "Hear it.",
    lead: "A studio that composes, plays and masters an original track from one sentence. Yours to keep, in studio formats.",
    point1: "Real composition: form, harmony, motifs, an ending.",
    point2: "Mastered to streaming loudness, tagged, ready to share.",
    point3: "Three tracks a day, free. No card.",
    make: "What should it sound like?", prompt: "Describe the track",
    placeholder: "Warm lo-fi for a rainy evening, soft piano and vinyl, 80 bpm",
    examples: "Examples",
    ideas: ["Soft bossa nova at dusk, nylon guitar", "Driving synthwave, night highway, 110 bpm", "Calm ambient for deep focus", "Joyful pop with a big chorus"],
    genre: "Genre", anyGenre: "Automatic", length: "Length", quality: "Quality", standard: "Standard", high: "High",
    create: "Make the track", making: "In the studio", cancel: "Cancel",
    queued: "Waiting", composing: "Composing", preview: "Composing", rendering: "Playing", mastering: "Mastering", completed: "Ready",
    failed: "This one did not work out, and cost you nothing. Please try again.", cancelled: "Cancelled. It cost you nothing.",
    download: "Download", recent: "Your tracks", play: "Play", untitled: "Untitled",
    left: "{n} left, until {t}", spent: "Today's tracks are used up. More at {t}.", unlimited: "Unlimited",
    bpm: "bpm", ai: "Music made by software, and marked so in every file.", reference: "API reference", events: "Events",
    register: "Create your account", registerNote: "Then your track starts at once.", registerDo: "Create account and go on", toLogin: "I have an account",
    loginTitle: "Welcome back", loginNote: "", loginDo: "Sign in", toRegister: "I am new here",
    email: "E-mail", username: "Username", login: "E-mail or username", password: "Password", passwordHint: "At least 10 characters.",
    "invalid-credentials": "This does not match an account. Check spelling and password.",
    "email-taken": "There is an account with this address. Sign in instead?", "username-taken": "This username is taken.",
    "rate-limited": "A moment, please: too many requests. Try again in {n} s.", "quality-not-in-tier": "This quality comes with a higher tier. Choose Standard.",
    offline: "The studio cannot be reached. Check the connection and try again.", signInAgain: "Please sign in again.",
  },
  es: {
    other: "English", otherCode: "en",
    skip: "Ir a la descripción", signIn: "Entrar", signOut: "Salir", close: "Cerrar",
    title1: "Descríbela.", title2: "Escúchala.",
    lead: "Un estudio que compone, toca y masteriza una pieza original a partir de una frase. Tuya para siempre, en formatos de estudio.",
    point1: "Composición de verdad: forma, armonía, motivos, un final.",
    point2: "Masterizada para streaming, etiquetada, lista para compartir.",
    point3: "Tres pistas al día, gratis. Sin tarjeta.",
    make: "¿Cómo debería sonar?", prompt: "Describe la pista",
    placeholder: "Lo-fi cálido para una tarde de lluvia, piano suave y vinilo, 80 bpm",
    examples: "Ejemplos",
    ideas: ["Bossa nova suave al atardecer, guitarra", "Synthwave con empuje, autopista de noche, 110 bpm", "Ambient tranquilo para concentrarse", "Pop alegre con un gran estribillo"],
    genre: "Género", anyGenre: "Automático", length: "Duración", quality: "Calidad", standard: "Estándar", high: "Alta",
    create: "Crear la pista", making: "En el estudio", cancel: "Cancelar",
    queued: "En espera", composing: "Componiendo", preview: "Componiendo", rendering: "Tocando", mastering: "Masterizando", completed: "Lista",
    failed: "Esta vez no salió, y no te costó nada. Inténtalo de nuevo.", cancelled: "Cancelada. No te costó nada.",
    download: "Descargar", recent: "Tus pistas", play: "Reproducir", untitled: "Sin título",
    left: "Quedan {n}, hasta {t}", spent: "Ya usaste las pistas de hoy. Más a las {t}.", unlimited: "Sin límite",
    bpm: "bpm", ai: "Música hecha por software, y así consta en cada archivo.", reference: "Referencia de la API", events: "Eventos",
    register: "Crea tu cuenta", registerNote: "Después tu pista empieza enseguida.", registerDo: "Crear cuenta y seguir", toLogin: "Ya tengo cuenta",
    loginTitle: "Qué bueno verte", loginNote: "", loginDo: "Entrar", toRegister: "Soy nuevo aquí",
    email: "Correo", username: "Nombre de usuario", login: "Correo o nombre de usuario", password: "Contraseña", passwordHint: "Al menos 10 caracteres.",
    "invalid-credentials": "No coincide con ninguna cuenta. Revisa los datos.",
    "email-taken": "Ya hay una cuenta con este correo. ¿Quieres entrar?", "username-taken": "Ese nombre ya está en uso.",
    "rate-limited": "Un momento: demasiadas peticiones. Inténtalo en {n} s.", "quality-not-in-tier": "Esa calidad viene con un plan superior. Elige Estándar.",
    offline: "No se puede llegar al estudio. Revisa la conexión e inténtalo de nuevo.", signInAgain: "Vuelve a entrar, por favor.",
  },
};

const remembered = localStorage.getItem("language");
// The server chose the document's language by Accept-Language; the switch overrides it.
export let language = texts[remembered] ? remembered : document.documentElement.lang === "es" ? "es" : "en";

export const t = (key, values = {}) => (texts[language][key] ?? key).replaceAll?.(/\{(\w)\}/g, (_, name) => values[name]) ?? texts[language][key];

export function applyTexts() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-tp]")) node.placeholder = t(node.dataset.tp);
  for (const node of document.querySelectorAll("[data-tl]")) node.setAttribute("aria-label", t(node.dataset.tl));
  const button = document.getElementById("language");
  button.textContent = t("other");
  button.lang = t("otherCode");
}

export function switchLanguage() {
  language = t("otherCode");
  localStorage.setItem("language", language);
  applyTexts();
}
