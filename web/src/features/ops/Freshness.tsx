import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '@/ui';

/** Figures are asked for this often … */
export const refreshEvery = 5000;
/** … and called stale when the last answer is older than this. */
const staleAfter = 15_000;

/** How old what is shown is; amber, and said in words, once it is stale. */
export function Freshness({ at }: { at: number }) {
  const { t } = useTranslation('ops');
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const age = Math.max(0, now - at);
  const stale = age > staleAfter;
  return <p className={cx('text-xs', stale ? 'font-bold text-warn' : 'text-muted')}>{t(stale ? 'stale' : 'fresh', { count: Math.floor(age / 1000) })}</p>;
}
