import { usePlayer } from '@/player/player';
import { i18n } from '@/texts/i18n';
import { toast } from '@/ui/toast';

const hour = 3_600_000;

/** The app opens without a network, and says when a newer one is there: never while a song plays, and never by itself. */
export async function keepUpToDate() {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const hadOne = navigator.serviceWorker.controller !== null;
  const registration = await navigator.serviceWorker.register('/sw.js');
  await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType('resource').map(entry => new URL(entry.name)).filter(url => url.origin === location.origin && url.pathname.startsWith('/assets/')).map(url => url.pathname);
  registration.active?.postMessage({ keep: [...new Set(loaded)] });

  if (registration.waiting && hadOne) offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const next = registration.installing;
    next?.addEventListener('statechange', () => next.state === 'installed' && navigator.serviceWorker.controller && offer(next));
  });
  setInterval(() => registration.update().catch((error: unknown) => console.info('No newer version looked for', error)), hour);
}

function offer(next: ServiceWorker) {
  if (usePlayer.getState().playing) {
    const stop = usePlayer.subscribe(now => {
      if (now.playing) return;
      stop();
      offer(next);
    });
    return;
  }
  toast(i18n.t('update.ready'), { seconds: 60, action: { label: i18n.t('update.take'), run: () => take(next) } });
}

function take(next: ServiceWorker) {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  next.postMessage('take-over');
}
