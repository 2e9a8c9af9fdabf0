import { login, register } from "./api.js";
import { t } from "./texts.js";

const $ = (id) => document.getElementById(id);
let mode = "register";
let answered = null;
let explain = (problem) => problem.message;

/** Opens the dialog; tells whether somebody signed in. */
export function askAccount(wanted) {
  show(wanted);
  $("account").showModal();
  (mode === "register" ? $("email") : $("login")).focus();
  return new Promise((resolve) => { answered = resolve; });
}

function show(wanted) {
  mode = wanted;
  const isRegister = mode === "register";
  $("account-title").textContent = t(isRegister ? "register" : "loginTitle");
  $("account-note").textContent = t(isRegister ? "registerNote" : "loginNote");
  $("account-submit").textContent = t(isRegister ? "registerDo" : "loginDo");
  $("account-switch").textContent = t(isRegister ? "toLogin" : "toRegister");
  $("account-error").textContent = "";
  for (const node of document.querySelectorAll(".only-register")) node.hidden = !isRegister;
  for (const node of document.querySelectorAll(".only-login")) node.hidden = isRegister;
  for (const id of ["email", "username"]) $(id).required = isRegister;
  $("login").required = !isRegister;
  $("password").autocomplete = isRegister ? "new-password" : "current-password";
  if (isRegister) $("password").minLength = 10; else $("password").removeAttribute("minlength");
}

async function submit(event) {
  event.preventDefault();
  const value = (id) => $(id).value.trim();
  for (const field of $("account-form").elements) field.removeAttribute("aria-invalid");
  $("account-error").textContent = "";
  $("account-submit").disabled = true;
  try {
    if (mode === "register") await register({ email: value("email"), username: value("username"), password: $("password").value });
    else await login({ login: value("login"), password: $("password").value });
    $("account-form").reset();
    answered?.(true);
    answered = null;
    $("account").close();
    document.dispatchEvent(new Event("account"));
  } catch (problem) {
    $("account-error").textContent = explain(problem);
    for (const name of Object.keys(problem.body?.errors ?? {})) $(name)?.setAttribute("aria-invalid", "true");
  } finally {
    $("account-submit").disabled = false;
  }
}

export function setUpAccount(explanation) {
  explain = explanation;
  $("account-form").addEventListener("submit", submit);
  $("account-switch").addEventListener("click", () => show(mode === "register" ? "login" : "register"));
  $("account-close").addEventListener("click", () => $("account").close());
  $("account").addEventListener("close", () => { answered?.(false); answered = null; });
}
