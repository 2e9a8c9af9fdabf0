import type { Schemas } from '@/api/client';

export type AppPage = NonNullable<Schemas['MeasurementProperties']['page']>;

const pages: [RegExp, AppPage][] = [
  [/^\/$/, 'home'], [/^\/create$/, 'generator'], [/^\/library$/, 'library'], [/^\/t\//, 'track'], [/^\/pool/, 'pool'], [/^\/search$/, 'search'], [/^\/u\//, 'profile'], [/^\/collections$/, 'collections'], [/^\/c\//, 'collection'],
  [/^\/challenges$/, 'challenges'], [/^\/challenges\//, 'challenge'], [/^\/notifications$/, 'notifications'], [/^\/pricing$/, 'pricing'], [/^\/billing$/, 'billing'], [/^\/settings/, 'settings'], [/^\/alvae$/, 'alvae'],
];

/** The page of an address by its name alone: no id, no word of what somebody looks for. Undefined for what is not measured. */
export const pageOf = (pathname: string): AppPage | undefined => pages.find(([pattern]) => pattern.test(pathname))?.[1];
