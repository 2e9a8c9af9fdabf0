import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ImageUp, Trash2 } from 'lucide-react';
import { useRef, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, type Schemas } from '@/api/client';
import { ApiError } from '@/api/problem';
import { loadMe, useSession } from '@/api/session';
import { Button, ErrorState, Field, Skeleton, TextArea, toast, useFieldError } from '@/ui';
import { Avatar } from '../profile/Avatar';
import { Card } from './Card';
import { atFields } from './errors';

export function ProfileForm() {
  const username = useSession(state => state.me)!.username;
  const profile = useQuery({ queryKey: ['profile', username], queryFn: () => body(api.GET('/api/profiles/{username}', { params: { path: { username } } })) });
  if (profile.isPending) return <Skeleton className="h-96" />;
  if (profile.isError) return <ErrorState error={profile.error} onRetry={() => void profile.refetch()} />;
  return <><Picture profile={profile.data} /><Words profile={profile.data} /></>;
}

function Words({ profile }: { profile: Schemas['ProfileView'] }) {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const fieldError = useFieldError();
  const save = useMutation({
    mutationFn: (change: Schemas['ProfilePatch']) => body(api.PATCH('/api/profiles/me', { body: change })),
    onSuccess: saved => {
      client.setQueryData(['profile', profile.username], saved);
      void loadMe();
      toast(t('saved'));
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => ((form.get(name) as string | null) ?? '').trim();
    save.mutate({ displayName: text('displayName'), bio: text('bio'), links: text('links').split(/\s+/).filter(Boolean) });
  }
  return (
    <Card title={t('profile.words')}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t('profile.displayName')} name="displayName" defaultValue={profile.displayName} maxLength={50} required error={fieldError(save.error, 'displayName')} />
        <TextArea label={t('profile.bio')} name="bio" defaultValue={profile.bio ?? ''} maxLength={500} error={fieldError(save.error, 'bio')} />
        <TextArea label={t('profile.links')} hint={t('profile.linksHint')} name="links" defaultValue={profile.links.join('\n')} error={fieldError(save.error, 'links')} />
        {save.error && !atFields(save.error) && <ErrorState inline error={save.error} />}
        <Button type="submit" look="primary" busy={save.isPending} className="self-start">{t('common:save')}</Button>
      </form>
    </Card>
  );
}

const largest = 5_000_000;

function Picture({ profile }: { profile: Schemas['ProfileView'] }) {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const refresh = () => client.invalidateQueries({ queryKey: ['profile', profile.username] });
  const upload = useMutation({
    mutationFn: (picture: File) => {
      if (picture.size > largest) throw new ApiError({ type: 'https://son1kvers3.dev/problems/body-too-large', title: '', status: 413 });
      const form = new FormData();
      form.append('avatar', picture);
      return body(api.PUT('/api/profiles/me/avatar', { body: form as never, bodySerializer: () => form }));
    },
    onSuccess: refresh,
  });
  const remove = useMutation({ mutationFn: () => api.DELETE('/api/profiles/me/avatar'), onSuccess: refresh });
  const error = upload.error ?? remove.error;
  return (
    <Card title={t('profile.picture')} hint={t('profile.pictureHint')}>
      <div className="flex flex-wrap items-center gap-4">
        <Avatar src={profile.avatarUrl} name={profile.displayName} border={profile.alvae?.border} className="size-20 text-3xl" />
        <input
          ref={input} type="file" accept="image/png,image/jpeg,image/webp,image/gif" className="sr-only" aria-label={t('profile.choosePicture')} tabIndex={-1}
          onChange={event => {
            const [picture] = event.target.files ?? [];
            if (picture) upload.mutate(picture);
            event.target.value = '';
          }}
        />
        <Button icon={ImageUp} busy={upload.isPending} onClick={() => input.current?.click()}>{t('profile.choosePicture')}</Button>
        {profile.avatarUrl && <Button look="quiet" icon={Trash2} busy={remove.isPending} onClick={() => remove.mutate()}>{t('profile.removePicture')}</Button>}
      </div>
      {error && <ErrorState inline error={error} />}
    </Card>
  );
}
