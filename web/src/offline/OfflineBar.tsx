import { useQueryClient } from '@tanstack/react-query';
import { CloudOff, RefreshCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/api/session';
import { relative } from '@/texts/format';
import { toast } from '@/ui/toast';
import { useProblemText } from '@/ui/states';
import { keepAnswers } from './answers';
import { useConnection } from './connection';
import { flush, useOutbox, whenBack } from './outbox';
import { loadKeptTracks } from './tracks';

/** Says that nobody answers, how old what is shown is, and what waits to be sent. Fetched after the first page is drawn, for it is needed later. */
export default function OfflineBar() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const away = useConnection(state => state.awaySince !== null);
  const waiting = useOutbox(state => state.waiting.length);
  const member = useSession(state => state.me?.id);
  const problemText = useProblemText();
  const [, tick] = useState(0);

  useEffect(() => keepAnswers(client), [client]);
  useEffect(() => {
    if (!member) return;
    loadKeptTracks().catch((error: unknown) => console.info('Kept songs not read', error));
    const send = () => flush(error => toast(problemText(error).title)).catch((error: unknown) => console.warn('Changes not sent', error));
    void send();
    return whenBack(() => void send());
    // Words are looked up when they are needed.
  }, [member]);
  useEffect(() => whenBack(() => void client.invalidateQueries()), [client]);
  useEffect(() => {
    if (!away) return;
    const draw = () => tick(count => count + 1);
    const timer = setInterval(draw, 10_000);
    const stop = client.getQueryCache().subscribe(event => event.type === 'updated' && event.action.type === 'setState' && setTimeout(draw));
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [away, client]);

  if (!away && !waiting) return null;
  const ages = client.getQueryCache().findAll({ type: 'active' }).map(query => query.state.dataUpdatedAt).filter(at => at > 0);
  const Icon = away ? CloudOff : RefreshCw;
  return (
    <div role="status" className="flex flex-wrap items-center justify-center gap-x-3 gap-y-1 border-b border-warn/50 bg-warn/10 px-4 py-2 text-sm">
      <Icon aria-hidden className="size-4 text-warn" />
      {away && <span className="font-bold">{t('offline.away')}</span>}
      {away && ages.length > 0 && <span>{t('offline.age', { age: relative(new Date(Math.min(...ages))) })}</span>}
      {waiting > 0 && <span>{t('offline.pending', { count: waiting })}</span>}
    </div>
  );
}
