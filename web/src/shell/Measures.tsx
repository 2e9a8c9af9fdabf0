import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { api, idempotent, type Schemas } from '@/api/client';
import { pageOf } from './measured';

type Measured = Schemas['MeasurementRequest'];

const sendEvery = 20_000;
const most = 50;
let waiting: Measured[] = [];

const keep = (measured: Omit<Measured, 'at'>) => {
  if (waiting.length < most) waiting.push({ ...measured, at: new Date().toISOString() });
};

function send() {
  if (!waiting.length) return;
  const measured = waiting;
  waiting = [];
  // Figures that are lost are not worth a word.
  api.POST('/api/analytics/events', { body: measured, headers: idempotent() }).catch((error: unknown) => console.info('Not measured', error));
}

/** What the app measures of itself for members: pages by their names, and how fast they were. The service keeps nothing of who opted out. */
export default function Measures() {
  const { pathname } = useLocation();
  useEffect(() => {
    const page = pageOf(pathname);
    if (page) keep({ name: 'page-viewed', properties: { page } });
  }, [pathname]);
  useEffect(() => {
    const observers = [
      watch('largest-contentful-paint', entries => entries.at(-1)!.startTime, value => keep({ name: 'web-vital', properties: { metric: 'lcp', value, page: pageOf(location.pathname) } })),
      watch('layout-shift', entries => entries.reduce((sum, entry) => sum + (entry as PerformanceEntry & { value: number }).value, 0), value => keep({ name: 'web-vital', properties: { metric: 'cls', value, page: pageOf(location.pathname) } })),
    ];
    const timer = setInterval(send, sendEvery);
    const hidden = () => document.visibilityState === 'hidden' && send();
    document.addEventListener('visibilitychange', hidden);
    return () => {
      observers.forEach(stop => stop());
      clearInterval(timer);
      document.removeEventListener('visibilitychange', hidden);
    };
  }, []);
  return null;
}

/** One figure of what the browser saw until now. */
function watch(type: string, figure: (entries: PerformanceEntryList) => number, tell: (value: number) => void) {
  if (!PerformanceObserver.supportedEntryTypes.includes(type)) return () => undefined;
  const observer = new PerformanceObserver(list => {
    observer.disconnect();
    tell(Math.round(figure(list.getEntries()) * 1000) / 1000);
  });
  observer.observe({ type, buffered: true });
  return () => observer.disconnect();
}
