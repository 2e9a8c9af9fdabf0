import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, body, idempotent } from '@/api/client';
import { pieces } from '@/api/pieces';
import { toast, useProblemText } from '@/ui';

export const formats = ['mp3', 'opus', 'flac', 'wav'] as const;

/** Asks for zips of these songs, a hundred in each; they are packed by the service, and the downloads tab shows how far it is. */
export function useDownload() {
  const { t } = useTranslation('library');
  const client = useQueryClient();
  const navigate = useNavigate();
  const words = useProblemText();
  return (ids: string[], format: (typeof formats)[number]) => void Promise.all(pieces(ids).map(piece => body(api.POST('/api/downloads', { body: { ids: piece, format }, headers: idempotent() })))).then(
    () => {
      void client.invalidateQueries({ queryKey: ['downloads'] });
      toast(t('downloads.asked', { count: ids.length }), { action: { label: t('downloads.show'), run: () => void navigate('/library?tab=downloads') } });
    },
    error => toast(words(error).title),
  );
}
