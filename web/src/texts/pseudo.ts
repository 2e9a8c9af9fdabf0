const accents: Record<string, string> = { a: 'á', e: 'ë', i: 'ï', o: 'ô', u: 'ü', n: 'ñ', c: 'ç' };

/** Texts with accents and 40% longer, placeholders untouched: what is cut off or not translated shows at once. */
export function pseudo<T>(texts: T): T {
  if (typeof texts === 'string') {
    const accented = texts.split(/(\{\{.*?\}\}|<.*?>)/).map(part => (/^[{<]/.test(part) ? part : part.replace(/[aeiounc]/g, letter => accents[letter] ?? letter))).join('');
    return `${accented}${'~'.repeat(Math.ceil(texts.length * 0.4))}` as T;
  }
  return Object.fromEntries(Object.entries(texts as object).map(([key, value]) => [key, pseudo(value)])) as T;
}
