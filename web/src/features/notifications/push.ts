import { api, body } from '@/api/client';
import { useSession } from '@/api/session';

/** Whether this browser is told of notifications while the app is closed. */
export type PushState = 'unsupported' | 'denied' | 'off' | 'on';

/** Who turned it on in this browser: the next member to sign in did not. */
const remembered = 'son1k.push';

export async function pushState(member: string): Promise<PushState> {
  const pushes = await pushManager();
  if (!pushes) return 'unsupported';
  if (Notification.permission === 'denied') return 'denied';
  return (await pushes.getSubscription()) && localStorage.getItem(remembered) === member ? 'on' : 'off';
}

export async function turnOnPush(member: string) {
  const pushes = await pushManager();
  if (!pushes || (await Notification.requestPermission()) !== 'granted') return;
  const { publicKey } = await body(api.GET('/api/notifications/push/key'));
  await tell(await pushes.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(publicKey) }));
  localStorage.setItem(remembered, member);
}

export async function turnOffPush() {
  localStorage.removeItem(remembered);
  const subscription = await (await pushManager())?.getSubscription();
  if (!subscription) return;
  await subscription.unsubscribe();
  await api.DELETE('/api/notifications/push', { body: keysOf(subscription) });
}

/** The service ends a subscription with the sign-in that it was made in: the same member's next one goes on. */
export function keepPush() {
  useSession.subscribe(({ me }, before) => {
    if (me && me.id !== before.me?.id) renew(me.id).catch((error: unknown) => console.info('Push not renewed', error));
  });
}

async function renew(member: string) {
  if (localStorage.getItem(remembered) !== member) return;
  const subscription = await (await pushManager())?.getSubscription();
  if (subscription) await tell(subscription);
}

/** base64url, as the service gives its key; what browsers take as a text is not the same everywhere. */
export function bytesOf(base64url: string) {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, character => character.charCodeAt(0));
}

const tell = (subscription: PushSubscription) => api.POST('/api/notifications/push', { body: keysOf(subscription) });

function keysOf(subscription: PushSubscription) {
  const { endpoint = null, keys } = subscription.toJSON();
  return { endpoint, keys: { p256dh: keys?.p256dh ?? null, auth: keys?.auth ?? null } };
}

/** Nothing in a development build, which has no service worker. */
async function pushManager() {
  if (!('serviceWorker' in navigator) || !('PushManager' in window)) return undefined;
  return (await navigator.serviceWorker.getRegistration())?.pushManager;
}
