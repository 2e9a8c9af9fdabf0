// What is seen of pages before any answer has come, drawn by the build (scripts/views.mjs): it stands in the page that the gateway sends,
// so that something is read while the code of the app is still on its way.
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query';
import { useSession, type Me } from './api/session';
import { pages } from './routes';
import { App, router } from './shell/App';
import { i18n, startTexts } from './texts/i18n';

/** No name yet: a view is the same for all members. */
const somebody = { username: '', displayName: '', roles: [] as string[] } as unknown as Me;

export async function draw(path: string, language: string, who: 'visitor' | 'member'): Promise<string> {
  queryClient.clear();
  useSession.setState({ status: who, me: who === 'member' ? somebody : null });
  if (!i18n.isInitialized) await startTexts();
  await i18n.changeLanguage(language);
  await pages.find(page => page.path === path)!.page.load();
  await router.navigate(path);
  const place = document.createElement('div');
  const root = createRoot(place);
  flushSync(() => root.render(<App />));
  const html = place.innerHTML;
  root.unmount();
  return html;
}
