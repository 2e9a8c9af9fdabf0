import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, idempotent } from '@/api/client';
import { Button, Dialog, ErrorState, toast } from '@/ui';

/** Gives an own track to all. Asked before it is done: a claimed one never comes back. */
export default function ContributeDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation('pool');
  const client = useQueryClient();
  const [key] = useState(() => crypto.randomUUID());
  const contribute = useMutation({
    mutationFn: () => body(api.POST('/api/community/contribute', { body: { generationId: id }, headers: idempotent(key) })),
    onSuccess: async () => {
      toast(t('contribute.done'));
      onClose();
      await Promise.all([['generations', id], ['track', id], ['pool'], ['library'], ['wall']].map(queryKey => client.invalidateQueries({ queryKey })));
    },
  });
  return (
    <Dialog open onOpenChange={onClose} title={t('contribute.title')} description={t('contribute.hint')}>
      {contribute.error && <ErrorState inline error={contribute.error} />}
      <Button look="primary" busy={contribute.isPending} onClick={() => contribute.mutate()}>{t('contribute.title')}</Button>
    </Dialog>
  );
}
