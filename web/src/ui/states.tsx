import { CloudOff, RefreshCw, type LucideIcon } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, OfflineError } from '@/api/problem';
import { Button } from './Button';
import { cx } from './cx';

/** A grey shape in the final geometry; it shows after 150 ms. */
export const Skeleton = ({ className }: { className?: string }) => <div aria-hidden className={cx('late rounded-xl bg-raised/70', className)} />;

/** One sentence and one action. */
export function EmptyState({ icon: Icon, text, action }: { icon?: LucideIcon; text: string; action?: ReactNode }) {
  return (
    <div className="card flex flex-col items-center gap-4 px-6 py-12 text-center">
      {Icon && <Icon aria-hidden className="size-8 text-muted" />}
      <p className="max-w-md text-pretty">{text}</p>
      {action}
    </div>
  );
}

/** What a refusal says of one field, in the reader's language, else in the service's own words. `slugs` are the texts of refusals that name no field. */
export function useFieldError() {
  const { i18n } = useTranslation('fields', { useSuspense: false });
  return (error: unknown, field: string, slugs: Record<string, string> = {}): string | undefined => {
    if (!(error instanceof ApiError)) return undefined;
    const reason = error.reasons[field];
    return reason && i18n.exists(`fields:${reason.code}`) ? i18n.t(`fields:${reason.code}`, { ...reason }) : error.fieldErrors[field]?.[0] ?? slugs[error.slug];
  };
}

/** The words for a refusal: title and what to do, by its type, in the reader's language. */
export function useProblemText() {
  // Drawn anew when the words have come; nothing waits for them.
  const { i18n } = useTranslation('errors', { useSuspense: false });
  const fieldError = useFieldError();
  return (error: unknown) => {
    const slug = error instanceof ApiError || error instanceof OfflineError ? error.slug : 'unknown';
    const key = i18n.exists(`errors:${slug}.title`) ? slug : 'unknown';
    const text = (part: 'title' | 'hint') => i18n.t(`errors:${key}.${part}`, { defaultValue: '' });
    // A form that marks no fields says here what is wrong with them.
    const fields = error instanceof ApiError ? Object.keys(error.fieldErrors).map(field => fieldError(error, field)).join(' ') : '';
    return { slug, title: text('title'), hint: fields || text('hint') };
  };
}

/** Counts down from `seconds` to 0. */
export function useCountdown(seconds: number | undefined) {
  const [left, setLeft] = useState(seconds ?? 0);
  useEffect(() => {
    if (!seconds) return;
    const end = Date.now() + seconds * 1000;
    setLeft(seconds);
    const timer = setInterval(() => {
      const rest = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      setLeft(rest);
      if (!rest) clearInterval(timer);
    }, 500);
    return () => clearInterval(timer);
  }, [seconds]);
  return left;
}

export function ErrorState({ error, onRetry, inline }: { error: unknown; onRetry?: () => void; inline?: boolean }) {
  const { t } = useTranslation();
  const { title, hint } = useProblemText()(error);
  const problem = error instanceof ApiError ? error : null;
  const wait = useCountdown(problem?.retryAfterSeconds);
  return (
    <div role="alert" className={cx('flex flex-col gap-3', inline ? 'rounded-xl border border-danger/50 bg-danger/5 p-4' : 'card items-center px-6 py-12 text-center')}>
      {!inline && <CloudOff aria-hidden className="size-8 text-danger" />}
      <p className="font-bold">{title}</p>
      <p className="max-w-md text-sm text-muted">{hint}</p>
      {onRetry && (
        <Button icon={RefreshCw} onClick={onRetry} disabled={wait > 0} className="self-center">
          {wait > 0 ? t('retryIn', { count: wait }) : t('retry')}
        </Button>
      )}
      {problem?.problem.traceId && <p className="font-mono text-[0.6875rem] break-all text-muted">{t('traceId')}: {problem.problem.traceId}</p>}
    </div>
  );
}
