import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { bytes } from '@/texts/format';
import { Button, ButtonLink, ErrorState } from '@/ui';
import { useLimits } from '../generator/allowance';
import type { Generation } from '../generator/jobs';

const kinds = ['audio', 'midi', 'score'];

/** The four formats, the notes, and the stems. */
export function Downloads({ generation, mine }: { generation: Generation; mine: boolean }) {
  const { t } = useTranslation('track');
  const files = generation.files?.filter(file => kinds.includes(file.kind!)) ?? [];
  return (
    <section aria-labelledby="downloads" className="card flex flex-col gap-3 p-4">
      <h2 id="downloads" className="text-lg font-bold">{t('downloads.title')}</h2>
      <ul className="flex flex-wrap gap-2">
        {files.map(file => (
          <li key={`${file.kind}${file.format}`}>
            <a href={file.url} download={`${generation.title}.${file.format}`} className="inline-flex min-h-11 items-center gap-2 rounded-full border border-line bg-raised px-4 text-sm font-bold hover:border-muted">
              <Download aria-hidden className="size-4" />
              {t(`downloads.format.${file.format}`)}
              {file.bytes ? <span className="text-xs font-normal text-muted">{bytes(file.bytes)}</span> : null}
            </a>
          </li>
        ))}
      </ul>
      {mine && <Stems id={generation.id!} title={generation.title!} />}
      <p className="text-xs text-muted">{t(mine ? 'downloads.rightsMine' : 'downloads.rights')}</p>
    </section>
  );
}

function Stems({ id, title }: { id: string; title: string }) {
  const { t } = useTranslation('track');
  const limits = useLimits();
  const fetchStems = useMutation({
    mutationFn: async () => {
      const zip = (await body(api.GET('/api/generations/{id}/stems', { params: { path: { id } }, parseAs: 'blob' }))) as unknown as Blob;
      const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(zip), download: `${title} stems.zip` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    },
  });
  if (!limits.data) return null;
  if (!limits.data.features?.stems)
    return <p className="flex flex-wrap items-center gap-3 text-sm text-muted">{t('downloads.stemsTier')} <ButtonLink to="/pricing">{t('downloads.plans')}</ButtonLink></p>;
  return (
    <>
      <Button icon={Download} className="self-start" busy={fetchStems.isPending} onClick={() => fetchStems.mutate()}>{t('downloads.stems')}</Button>
      {fetchStems.error && <ErrorState inline error={fetchStems.error} onRetry={() => fetchStems.mutate()} />}
    </>
  );
}
