import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '@/ui';
import { resetText } from './allowance';

/** Nothing left: how long until there is, and what can be done meanwhile. The draft stays. */
export function OutOfQuota({ resetAt, upgradeTo, onReset }: { resetAt: string | null; upgradeTo?: string; onReset: () => void }) {
  const { t } = useTranslation('generator');
  const left = useTimeLeft(resetAt, onReset);
  return (
    <div role="status" className="flex flex-col gap-3 rounded-2xl border border-violet/60 bg-violet/5 p-4">
      <p className="font-bold">{t('spent.title')}</p>
      <p className="text-sm text-muted">
        {resetAt && <>{t('spent.back', { time: resetText(resetAt) })} <span role="timer" className="font-bold tabular-nums text-text">{left}</span>. </>}
        {t('spent.kept')}
      </p>
      <div className="flex flex-wrap gap-2">
        <ButtonLink to="/pricing" look="primary">{upgradeTo ? t('spent.upgradeTo', { tier: upgradeTo }) : t('spent.upgrade')}</ButtonLink>
        <ButtonLink to="/pool">{t('spent.pool')}</ButtonLink>
      </div>
    </div>
  );
}

function useTimeLeft(at: string | null, onEnd: () => void) {
  const [now, setNow] = useState(Date.now());
  const left = at ? Math.max(0, Math.round((new Date(at).getTime() - now) / 1000)) : 0;
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (at && left === 0) onEnd();
    // Only its reaching zero counts.
     
  }, [left === 0]);
  return `${Math.floor(left / 3600)}:${String(Math.floor((left % 3600) / 60)).padStart(2, '0')}:${String(left % 60).padStart(2, '0')}`;
}
