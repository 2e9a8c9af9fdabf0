import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Flag, Trash2 } from 'lucide-react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body } from '@/api/client';
import { useSession } from '@/api/session';
import { change, useOutbox } from '@/offline/outbox';
import { askReport } from '@/shell/asked';
import { Badge, Button, ButtonLink, ErrorState, IconButton, RelativeTime, Skeleton, TextArea } from '@/ui';

export default function Comments({ id }: { id: string }) {
  const { t } = useTranslation(['track', 'common']);
  const isMember = useSession(state => state.status === 'member');
  const client = useQueryClient();
  const key = ['track', id, 'comments'];
  const comments = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => body(api.GET('/api/wall/{creationId}/comments', { params: { path: { creationId: id }, query: { cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.nextCursor ?? undefined,
  });
  const remove = useMutation({ mutationFn: (comment: string) => api.DELETE('/api/wall/comments/{id}', { params: { path: { id: comment } } }), onSuccess: () => client.invalidateQueries({ queryKey: key }) });
  const waiting = useOutbox(state => state.waiting).filter(one => one.subject.startsWith(`comment:${id}:`));
  const items = comments.data?.pages.flatMap(page => page.items ?? []) ?? [];
  return (
    <section aria-labelledby="comments" className="flex flex-col gap-4">
      <h2 id="comments" className="text-xl font-bold">{t('comments.title')}</h2>
      {isMember ? <Write id={id} queryKey={key} /> : <p className="text-sm text-muted"><ButtonLink to={`/login?to=/t/${id}`}>{t('comments.signIn')}</ButtonLink></p>}
      {comments.isPending && <Skeleton className="h-20" />}
      {comments.isError && <ErrorState inline error={comments.error} onRetry={() => void comments.refetch()} />}
      {comments.isSuccess && !items.length && <p className="text-sm text-muted">{t('comments.none')}</p>}
      <ul className="flex flex-col gap-2">
        {waiting.map(one => (
          <li key={one.id} className="card flex items-start gap-3 border-dashed p-4">
            <p className="min-w-0 flex-1 text-sm break-words whitespace-pre-wrap">{(one.body as { text: string }).text}</p>
            <Badge tone="warn">{t('common:offline.waiting')}</Badge>
          </li>
        ))}
        {items.map(comment => (
          <li key={comment.id} className="card flex gap-3 p-4">
            <div className="min-w-0 flex-1">
              <p className="text-sm"><Link to={`/u/${comment.author?.username}`} className="font-bold hover:underline">{comment.author?.displayName}</Link> <span className="text-xs text-muted"><RelativeTime at={comment.createdAt!} /></span></p>
              <p className="mt-1 text-sm break-words whitespace-pre-wrap">{comment.text}</p>
            </div>
            {isMember && !comment.mine && <IconButton icon={Flag} label={t('common:report')} onClick={() => askReport('comment', comment.id!, comment.text ?? '')} />}
            {comment.mine && <IconButton icon={Trash2} label={t('common:delete')} onClick={() => remove.mutate(comment.id!)} />}
          </li>
        ))}
      </ul>
      {comments.hasNextPage && <Button className="self-center" busy={comments.isFetchingNextPage} onClick={() => void comments.fetchNextPage()}>{t('common:more')}</Button>}
    </section>
  );
}

function Write({ id, queryKey }: { id: string; queryKey: string[] }) {
  const { t } = useTranslation('track');
  const client = useQueryClient();
  const post = useMutation({
    // A text has a name of its own: two of them are two comments, also while they wait.
    mutationFn: (text: string) => change({ subject: `comment:${id}:${crypto.randomUUID()}`, method: 'POST', path: `/api/wall/${id}/comments`, body: { text } }),
    onSuccess: () => client.invalidateQueries({ queryKey }),
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const text = (new FormData(form).get('text') as string).trim();
    if (text) post.mutate(text, { onSuccess: () => form.reset() });
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <TextArea hideLabel label={t('comments.write')} placeholder={t('comments.write')} name="text" rows={2} maxLength={1000} required />
      {post.error && <ErrorState inline error={post.error} />}
      <Button type="submit" busy={post.isPending} className="self-end">{t('comments.send')}</Button>
    </form>
  );
}
