import { describe, expect, it } from 'vitest';
import { pseudo } from './pseudo';

const files = import.meta.glob<Record<string, unknown>>('./{en,es}/*.json', { eager: true, import: 'default' });
const names = (language: string) => Object.keys(files).filter(file => file.startsWith(`./${language}/`)).map(file => file.slice(5)).sort();
const plural = /_(zero|one|two|few|many|other)$/;

const rawKeys = (texts: unknown, prefix = ''): string[] =>
  Object.entries(texts as object).flatMap(([key, value]) => (typeof value === 'string' ? [`${prefix}${key}`] : rawKeys(value, `${prefix}${key}.`)));
const keys = (texts: unknown) => rawKeys(texts).map(key => key.replace(plural, '_n'));

describe('texts', () => {
  it('have the same files in both languages', () => expect(names('es')).toEqual(names('en')));

  it.each(names('en'))('have the same keys in both languages: %s', name =>
    expect([...new Set(keys(files[`./es/${name}`]))].sort()).toEqual([...new Set(keys(files[`./en/${name}`]))].sort()));

  it.each(Object.keys(files))('have every plural that their language knows: %s', file => {
    const wanted = new Intl.PluralRules(file.slice(2, 4)).resolvedOptions().pluralCategories.toSorted();
    const found = new Map<string, string[]>();
    for (const key of rawKeys(files[file])) if (plural.test(key)) found.set(key.replace(plural, ''), [...(found.get(key.replace(plural, '')) ?? []), plural.exec(key)![1]!]);
    for (const [key, categories] of found) expect([key, ...categories.toSorted()]).toEqual([key, ...wanted]);
  });

  it('grow by 40% in the pseudo language and keep their placeholders', () => {
    const text = pseudo('{{count}} songs left');
    expect(text).toContain('{{count}}');
    expect(text.length).toBeGreaterThanOrEqual('{{count}} songs left'.length * 1.4);
  });
});
