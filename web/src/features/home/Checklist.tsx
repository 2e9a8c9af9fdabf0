import { useQuery } from '@tanstack/react-query';
import { Check, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body } from '@/api/client';
import { hasListened } from '@/player/plays';
import { cx, IconButton, Skeleton } from '@/ui';

const put = 'son1k.checklist-away';

/** Four first steps, each ticked by what really happened. It goes when all are done, or when it is put away. */
export function Checklist({ made, published, ready }: { made: boolean; published: boolean; ready: boolean }) {
  const { t } = useTranslation(['home', 'common']);
  const [away, setAway] = useState(() => localStorage.getItem(put) !== null);
  const share = useQuery({ queryKey: ['pool', 'me'], queryFn: () => body(api.GET('/api/community/me')), enabled: !away });
  const claimed = share.data ? share.data.claims.remaining < 3 || share.data.contributed > 0 : false;
  const steps = [
    { key: 'listen', to: '/pool', done: hasListened() },
    { key: 'create', to: '/create', done: made },
    { key: 'claim', to: '/pool', done: claimed },
    { key: 'publish', to: '/library', done: published },
  ] as const;
  const over = ready && steps.every(step => step.done);
  useEffect(() => {
    if (over) localStorage.setItem(put, '1');
  }, [over]);
  if (away || over) return null;
  // In its final geometry: what stands below does not jump.
  if (!ready) return <Skeleton className="h-[17.5rem] sm:h-[9.5rem] lg:h-[6.25rem]" />;
  return (
    <section aria-label={t('checklist.title')} className="card p-4">
      <div className="flex items-center justify-between gap-3">
        <h2 className="font-bold">{t('checklist.title')}</h2>
        <IconButton icon={X} label={t('common:close')} onClick={() => { localStorage.setItem(put, '1'); setAway(true); }} />
      </div>
      <ol className="grid gap-2 sm:grid-cols-2 lg:grid-cols-4">
        {steps.map(({ key, to, done }) => (
          <li key={key}>
            <Link to={to} className={cx('flex min-h-11 items-center gap-3 rounded-xl px-2 text-sm font-semibold hover:bg-raised', done && 'text-muted')}>
              <span className={cx('grid size-7 shrink-0 place-items-center rounded-full border', done ? 'border-good text-good' : 'border-line')}>{done && <Check aria-hidden className="size-4" />}</span>
              {t(`checklist.${key}`)}
              {done && <span className="sr-only">{t('checklist.done')}</span>}
            </Link>
          </li>
        ))}
      </ol>
    </section>
  );
}
