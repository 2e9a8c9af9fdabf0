import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { tellServer } from '@/api/cookie';
import { pseudo } from './pseudo';

export const languages = ['es', 'en'] as const;
export type Language = (typeof languages)[number];

const files = import.meta.glob<{ default: Record<string, unknown> }>('./{es,en}/*.json');
const stored = 'son1k.language';

/** The language chosen here, else the browser's; `?lang=pseudo` shows texts 40% longer. */
export function firstLanguage(): string {
  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(stored);
  if (asked === 'pseudo' || asked === 'es' || asked === 'en') return asked;
  return navigator.languages.map(tag => tag.slice(0, 2)).find(tag => tag === 'es' || tag === 'en') ?? 'en';
}

export const i18n = i18next.createInstance();

i18n.use(initReactI18next).use({
  type: 'backend' as const,
  read(language: string, namespace: string, done: (error: unknown, data?: unknown) => void) {
    const file = files[`./${language === 'pseudo' ? 'en' : language}/${namespace}.json`];
    if (!file) return done(new Error(`No texts ${namespace}`));
    file().then(module => done(null, language === 'pseudo' ? pseudo(module.default) : module.default), done);
  },
});

export async function startTexts() {
  i18n.on('languageChanged', language => (document.documentElement.lang = language === 'es' ? 'es' : 'en'));
  await i18n.init({
    lng: firstLanguage(), fallbackLng: false, ns: ['common'], defaultNS: 'common',
    interpolation: { escapeValue: false }, returnNull: false, react: { useSuspense: true },
  });
}

const needed = new Set<string>();

/** Said by a part that pages of other features show: its words come with the page, which would be taken away again to wait for them. */
export const needsTexts = (namespace: string) => void needed.add(namespace);

export const loadTexts = (namespace: string) => i18n.loadNamespaces(namespace);

/** The words of all parts whose code is here. */
export const loadNeededTexts = () => i18n.loadNamespaces([...needed]);

/** The words for refusals: after the first page is drawn, so that it needn't wait for them. */
export const loadErrorTexts = () => i18n.loadNamespaces(['errors', 'fields']);

/** Switches without a reload: what is on the page is drawn anew, the song goes on. */
export async function setLanguage(language: Language) {
  localStorage.setItem(stored, language);
  tellServer(stored, language);
  await i18n.changeLanguage(language);
}
