import { lazy, type ComponentType } from 'react';
import { loadNeededTexts } from '@/texts/i18n';

/** A page whose code is fetched when it is opened, with the words of all its parts. */
export const page = (load: () => Promise<{ default: ComponentType }>) => lazy(async () => {
  const module = await load();
  await loadNeededTexts();
  return module;
});
