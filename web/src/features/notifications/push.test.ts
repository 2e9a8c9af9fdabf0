import { afterEach, expect, it, vi } from 'vitest';
import { bytesOf, pushState } from './push';

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

it('reads the key that the service gives, with both letters that differ from plain base64', () =>
  expect([...bytesOf('-_8A')]).toEqual([0xfb, 0xff, 0x00]));

it.each([
  [null, 'default', 'ana', 'unsupported'],
  [{ subscribed: true }, 'denied', 'ana', 'denied'],
  [{ subscribed: false }, 'granted', 'ana', 'off'],
  [{ subscribed: true }, 'granted', 'ben', 'off'],
  [{ subscribed: true }, 'granted', 'ana', 'on'],
])('tells how it stands: registration %j, permission %s, turned on by ana, asked by %s → %s', async (registration, permission, member, state) => {
  const pushManager = registration && { getSubscription: () => Promise.resolve(registration.subscribed ? {} : null) };
  vi.stubGlobal('PushManager', class {});
  vi.stubGlobal('Notification', { permission });
  vi.stubGlobal('navigator', { serviceWorker: { getRegistration: () => Promise.resolve(pushManager ? { pushManager } : undefined) } });
  localStorage.setItem('son1k.push', 'ana');
  expect(await pushState(member)).toBe(state);
});
