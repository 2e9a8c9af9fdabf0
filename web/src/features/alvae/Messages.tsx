import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, idempotent } from '@/api/client';
import { usePages } from '@/api/pages';
import { Button, ErrorState, Field, RelativeTime, Skeleton, TextArea } from '@/ui';
import { Avatar } from '../profile/Avatar';

/** The private channel of all, or the direct feedback between testers and the founder, who answers by naming the tester. */
export function Messages({ which, founder = false }: { which: 'channel' | 'feedback'; founder?: boolean }) {
  const { t } = useTranslation('alvae');
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [to, setTo] = useState('');
  const answering = which === 'feedback' && founder;
  const path = `/api/alvae/${which}` as const;
  const messages = usePages(['alvae', which], cursor => body(api.GET(path, { params: { query: { cursor, limit: 50 } } })));
  const send = useMutation({
    mutationFn: (text: string) => body(api.POST(path, { body: { text, username: answering ? to.trim() : null }, headers: idempotent() })),
    onSuccess: () => {
      form.current?.reset();
      void client.invalidateQueries({ queryKey: ['alvae', which] });
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    send.mutate(String(new FormData(event.currentTarget).get('text')).trim());
  }
  return (
    <div className="flex flex-col gap-4">
      <form ref={form} onSubmit={submit} className="flex flex-col gap-3">
        {answering && <Field label={t('to')} value={to} onChange={event => setTo(event.target.value)} autoCapitalize="none" required className="max-w-60" />}
        <TextArea label={t(`write.${which}`)} name="text" maxLength={2000} required />
        {send.error && <ErrorState inline error={send.error} />}
        <Button type="submit" look="primary" icon={Send} busy={send.isPending} className="self-end">{t('send')}</Button>
      </form>
      {messages.isPending && <Skeleton className="h-32" />}
      {messages.isError && <ErrorState error={messages.error} onRetry={() => void messages.refetch()} />}
      {messages.isSuccess && messages.items.length === 0 && <p className="text-muted">{t('noMessages')}</p>}
      <ol className="flex flex-col gap-2">
        {messages.items.map(message => (
          <li key={message.id} className="card flex gap-3 p-4">
            <Avatar src={message.author.avatarUrl} name={message.author.displayName} border={message.author.border} className="size-9" />
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap gap-x-2 text-sm"><span className="font-bold">{message.author.displayName}</span>{message.tester && message.tester.username !== message.author.username && <span className="text-muted">{`→ ${message.tester.displayName}`}</span>}<span className="text-muted"><RelativeTime at={message.createdAt} /></span></p>
              <p className="mt-1 text-sm break-words whitespace-pre-line">{message.text}</p>
            </div>
          </li>
        ))}
      </ol>
      {messages.hasNextPage && <Button className="self-center" onClick={messages.more} busy={messages.isFetchingNextPage}>{t('more')}</Button>}
    </div>
  );
}
