import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, body, type Schemas } from '@/api/client';
import { ErrorState, Skeleton } from '@/ui';

type Kind = Schemas['NotificationKind'];
const kinds: Kind[] = ['track-completed', 'track-failed', 'track-liked', 'track-commented', 'followed', 'track-contributed', 'track-claimed', 'badge-awarded', 'alvae-granted', 'alvae-revoked', 'alvae-feedback', 'track-hidden', 'track-restored', 'export-ready', 'quota-exhausted'];

/** Which kinds are told. Kept at once, taken back when the service refuses. */
export function Preferences() {
  const { t } = useTranslation('notifications');
  const client = useQueryClient();
  const key = ['notifications', 'preferences'];
  const preferences = useQuery({ queryKey: key, queryFn: () => body(api.GET('/api/notifications/preferences')) });
  const save = useMutation({
    mutationFn: (muted: Kind[]) => body(api.PUT('/api/notifications/preferences', { body: { ...preferences.data!, muted } })),
    onMutate: muted => client.setQueryData(key, { ...preferences.data, muted }),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
  if (preferences.isPending) return <Skeleton className="h-80" />;
  if (preferences.isError) return <ErrorState error={preferences.error} onRetry={() => void preferences.refetch()} />;
  const { muted } = preferences.data;
  return (
    <fieldset className="card flex flex-col p-2">
      <legend className="sr-only">{t('tab.preferences')}</legend>
      {kinds.map(kind => (
        <label key={kind} className="flex min-h-11 cursor-pointer items-center gap-3 rounded-xl px-3 text-sm hover:bg-raised">
          <input type="checkbox" checked={!muted.includes(kind)} onChange={event => save.mutate(event.target.checked ? muted.filter(one => one !== kind) : [...muted, kind])} className="size-5 accent-cyan" />
          {t(`tell.${kind}`)}
        </label>
      ))}
      {save.error && <ErrorState inline error={save.error} />}
    </fieldset>
  );
}
