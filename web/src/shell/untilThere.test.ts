import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { untilThere } from './untilThere';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('addEventListener', vi.fn());
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('what is out of reach is asked for again, ever more seldom, until it comes', async () => {
  const load = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new TypeError('gone')).mockRejectedValueOnce(new TypeError('gone')).mockResolvedValue('there');
  const wanted = untilThere(load);
  await vi.advanceTimersByTimeAsync(1000);
  expect(load).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(1000);
  expect(load).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await wanted).toBe('there');
});

test('a network that is back is not waited for any longer', async () => {
  const load = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new TypeError('gone')).mockResolvedValue('there');
  const wanted = untilThere(load);
  await vi.advanceTimersByTimeAsync(10);
  const [, back] = vi.mocked(addEventListener).mock.calls.find(([name]) => name === 'online')!;
  (back as () => void)();
  expect(await wanted).toBe('there');
});
