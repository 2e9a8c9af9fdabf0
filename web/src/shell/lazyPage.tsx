import { lazy, useState, type ComponentType } from 'react';
import { loadNeededTexts, loadTexts } from '@/texts/i18n';

/** `prefetch`: asks for what the page shows first, from its address. */
interface Module { default: ComponentType; prefetch?: (params: URLSearchParams) => Promise<unknown> }
type Load = () => Promise<Module>;
export interface LazyPage { Component: ComponentType; load: Load }

/** A page whose code is fetched when it is opened, with its words and those of all its parts. Once it is there, it is drawn at once. */
export function lazyPage(texts: string, fetchCode: Load): LazyPage {
  let fetched: ComponentType | undefined;
  const load: Load = async () => {
    const [module] = await Promise.all([fetchCode(), loadTexts(texts)]);
    await loadNeededTexts();
    fetched = module.default;
    return module;
  };
  const Later = lazy(load);

  function Component() {
    // Chosen once: another component in its place would lose what the page knows.
    const [{ Page }] = useState(() => ({ Page: fetched ?? Later }));
    return <Page />;
  }

  return { Component, load };
}
