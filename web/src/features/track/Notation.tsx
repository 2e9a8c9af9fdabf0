import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState, Select, Skeleton } from '@/ui';
import { ApiError } from '@/api/problem';

/** The score as notes, a part at a time. What draws it is large, so it is loaded when somebody looks. */
export default function Notation({ url }: { url: string }) {
  const { t } = useTranslation('track');
  const score = useQuery({ queryKey: ['score', url.split('?')[0]], queryFn: () => readScore(url), staleTime: Infinity });
  const [chosen, setChosen] = useState<number | null>(null);
  if (score.isPending) return <Skeleton className="h-80" />;
  if (score.isError) return <ErrorState error={score.error} onRetry={() => void score.refetch()} />;
  const parts = [...score.data.matchAll(/<part-name>(.*?)<\/part-name>/g)].map(match => match[1]!);
  // Drums say little on paper: the first part with a melody is shown first.
  const part = chosen ?? Math.max(0, parts.findIndex(name => !/kit|drum|percussion/i.test(name)));
  return (
    <div className="flex flex-col gap-3">
      <Select label={t('score.part')} value={part} onChange={event => setChosen(Number(event.target.value))} className="max-w-xs">
        {parts.map((name, index) => <option key={index} value={index}>{name}</option>)}
      </Select>
      <Sheet xml={score.data} part={part} label={t('score.label', { part: parts[part] })} />
    </div>
  );
}

function Sheet({ xml, part, label }: { xml: string; part: number; label: string }) {
  const paper = useRef<HTMLDivElement>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    let gone = false;
    async function draw() {
      const { OpenSheetMusicDisplay } = await import('opensheetmusicdisplay');
      if (gone || !paper.current) return;
      paper.current.replaceChildren();
      const sheet = new OpenSheetMusicDisplay(paper.current, { backend: 'svg', drawTitle: false, drawComposer: false, drawCredits: false, drawingParameters: 'compacttight', autoResize: false });
      await sheet.load(xml);
      sheet.Sheet.Instruments.forEach((instrument, index) => (instrument.Visible = index === part));
      if (!gone) sheet.render();
    }
    draw().catch(setError);
    return () => {
      gone = true;
    };
  }, [xml, part]);
  return error ? <ErrorState error={error} /> : <div ref={paper} role="img" tabIndex={0} aria-label={label} className="max-h-128 min-h-40 overflow-auto rounded-xl bg-white p-3 text-black" />;
}

async function readScore(url: string) {
  const response = await fetch(url);
  if (!response.ok) throw new ApiError({ type: 'about:blank', title: 'Score', status: response.status });
  // The sheet's reader takes no byte order mark.
  return (await response.text()).replace(/^\uFEFF/, '');
}
