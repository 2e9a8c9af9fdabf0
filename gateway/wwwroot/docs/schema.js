import { h, w } from "./words.js";

const Deepest = 6;

/** Follows references; a reference that leads nowhere is an unknown value. */
export function resolve(api, node) {
  for (let hops = 0; node?.$ref && hops < 8; hops++) {
    const target = node.$ref.slice(2).split("/").reduce((found, part) => found?.[part], api);
    const { $ref, ...beside } = node;
    node = { ...target, ...beside };
  }
  return node ?? {};
}

/** Merges allOf, and takes the one real alternative of "this or null". */
function flat(api, node) {
  const schema = resolve(api, node);
  const choices = (schema.oneOf ?? schema.anyOf ?? []).filter((choice) => choice.type !== "null");
  if (choices.length === 1) return { ...flat(api, choices[0]), description: schema.description ?? resolve(api, choices[0]).description };
  if (!schema.allOf) return schema;
  return schema.allOf.map((part) => flat(api, part)).reduce(
    (all, part) => ({ ...all, ...part, properties: { ...all.properties, ...part.properties }, required: [...(all.required ?? []), ...(part.required ?? [])] }), { ...schema, allOf: undefined });
}

export function typeOf(api, node) {
  const schema = flat(api, node);
  if (schema.enum) return schema.enum.filter((value) => value !== null).map((value) => JSON.stringify(value)).join(" | ");
  const types = [schema.type ?? (schema.properties ? "object" : schema.oneOf || schema.anyOf ? "one of" : "any")].flat().filter((type) => type !== "null");
  if (types.includes("array")) return `${typeOf(api, schema.items ?? {})}[]`;
  // Numbers may come as "integer or string" with a pattern: the number is what is meant.
  const type = types.find((one) => one === "integer" || one === "number") ?? types.join(" | ");
  const nullable = [schema.type].flat().includes("null") ? "?" : "";
  const format = schema.format && !["int32", "int64", "double"].includes(schema.format) ? ` (${schema.format})` : "";
  return type + nullable + format;
}

function limits(schema) {
  const [low, high] = [schema.minimum ?? schema.minLength, schema.maximum ?? schema.maxLength];
  const range = low !== undefined || high !== undefined ? `${low ?? ""}…${high ?? ""}` : "";
  return [range, schema.default !== undefined ? `= ${JSON.stringify(schema.default)}` : ""].filter(Boolean).join(" ");
}

/** The members of a schema as nested lists. */
export function schemaTree(api, node, depth = 0) {
  const schema = flat(api, node);
  if (depth > Deepest) return null;
  if ([schema.type].flat().includes("array")) return schemaTree(api, schema.items ?? {}, depth);
  const members = Object.entries(schema.properties ?? {});
  if (members.length === 0) return depth === 0 ? h("p", {}, h("span", { className: "type" }, typeOf(api, schema))) : null;
  return h("ul", { className: "schema" }, members.map(([name, member]) => {
    const inner = flat(api, member);
    return h("li", {},
      h("b", {}, name), " ", h("span", { className: "type" }, typeOf(api, member)),
      schema.required?.includes(name) ? h("span", { className: "must" }, w("required")) : null,
      " ", h("span", { className: "soft" }, [limits(inner), inner.description].filter(Boolean).join(" · ")),
      schemaTree(api, inner, depth + 1));
  }));
}

/** A body to start from. */
export function exampleOf(api, node, depth = 0) {
  const schema = flat(api, node);
  if (schema.example !== undefined) return schema.example;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  const types = [schema.type].flat();
  if (schema.properties && depth <= Deepest) {
    const wanted = Object.entries(schema.properties).filter(([name]) => depth === 0 || schema.required?.includes(name));
    return Object.fromEntries(wanted.map(([name, member]) => [name, exampleOf(api, member, depth + 1)]));
  }
  if (types.includes("null")) return null;
  if (types.includes("array")) return [];
  if (types.includes("integer") || types.includes("number")) return schema.minimum ?? 0;
  if (types.includes("boolean")) return false;
  return types.includes("string") ? "" : null;
}
