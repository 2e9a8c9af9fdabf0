import { useMutation, useQuery } from '@tanstack/react-query';
import { Mic, Square, Trash2, Upload } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, idempotent, type Schemas } from '@/api/client';
import { duration } from '@/texts/format';
import { Button, cx, ErrorState } from '@/ui';
import { FoldSummary } from './FoldSummary';
import { NoteRoll } from './NoteRoll';
import { longestSeconds, record, secondsOf, type Recorder } from './recorder';
import { forgetRecording, keepRecording, readRecording, type Recording } from './store';

type Trouble = 'denied' | 'none' | 'too-long' | 'unreadable';

/** Sing or hum a melody, or choose a file; what was heard is shown before it is used. */
export function VoiceMemo({ value, onChange }: { value: string | null; onChange: (id: string | undefined) => void }) {
  const { t } = useTranslation('generator');
  const [recording, setRecording] = useState<Recording | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const key = useRef(crypto.randomUUID());
  const known = useQuery({ queryKey: ['voice-memos', value], queryFn: () => body(api.GET('/api/voice-memos/{id}', { params: { path: { id: value! } } })), enabled: value !== null });
  const upload = useMutation({
    mutationFn: async ({ audio }: Recording) => body(api.POST('/api/voice-memos', {
      headers: idempotent(key.current),
      body: { audio: audio as never },
      bodySerializer: () => {
        const form = new FormData();
        form.append('audio', audio, audio instanceof File ? audio.name : 'memo.webm');
        return form;
      },
    })),
    onSuccess: memo => onChange(memo.id),
  });

  useEffect(() => {
    readRecording().then(kept => kept && setRecording(kept), (caught: unknown) => console.warn('Recording not readable', caught));
  }, []);

  async function take(audio: Blob, seconds: number) {
    const taken = { audio, seconds, at: Date.now() };
    setTrouble(null);
    key.current = crypto.randomUUID();
    upload.reset();
    onChange(undefined);
    setRecording(taken);
    // Kept first: a bad network or a reload must not lose what was sung.
    await keepRecording(taken);
    upload.mutate(taken);
  }

  async function choose(file: File | undefined) {
    if (!file) return;
    try {
      const seconds = await secondsOf(file);
      if (seconds > longestSeconds) setTrouble('too-long');
      else await take(file, seconds);
    } catch {
      setTrouble('unreadable');
    }
  }

  async function remove() {
    setRecording(null);
    upload.reset();
    onChange(undefined);
    await forgetRecording();
  }

  const memo = upload.data ?? known.data;
  return (
    <details className="group" open={value !== null || recording !== null || undefined}>
      <FoldSummary title={t('memo.title')} hint={t(value ? 'memo.used' : 'memo.hint')} />
      <div className="flex flex-col gap-3 pt-1">
        <RecordButton onTaken={take} onTrouble={setTrouble} onFile={choose} />
        {trouble && <p role="alert" className="text-sm font-semibold text-danger">{t(`memo.trouble.${trouble}`)}</p>}
        {recording && <Playback recording={recording} />}
        {upload.isPending && <p role="status" className="text-sm text-muted">{t('memo.listening')}</p>}
        {upload.error && recording && <ErrorState inline error={upload.error} onRetry={() => upload.mutate(recording)} />}
        {recording && !upload.isPending && !upload.error && !memo && <Button className="self-start" onClick={() => upload.mutate(recording)}>{t('memo.send')}</Button>}
        {memo && (recording ?? value) && <Heard memo={memo} used={value === memo.id} onUse={() => onChange(memo.id)} />}
        {(recording ?? value) && <Button look="quiet" icon={Trash2} className="self-start" onClick={() => void remove()}>{t('memo.remove')}</Button>}
      </div>
    </details>
  );
}

function RecordButton({ onTaken, onTrouble, onFile }: { onTaken: (audio: Blob, seconds: number) => Promise<void>; onTrouble: (trouble: Trouble | null) => void; onFile: (file: File | undefined) => Promise<void> }) {
  const { t } = useTranslation('generator');
  const [recorder, setRecorder] = useState<Recorder | null>(null);
  const [seconds, setSeconds] = useState(0);
  const meter = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => () => recorder?.stop(), [recorder]);

  async function begin() {
    onTrouble(null);
    try {
      const running = await record((level, at) => {
        if (meter.current) meter.current.style.width = `${level * 100}%`;
        setSeconds(Math.floor(at));
      });
      setRecorder(running);
      const { audio, seconds: long } = await running.done;
      setRecorder(null);
      await onTaken(audio, long);
    } catch (error) {
      onTrouble((error as DOMException).name === 'NotFoundError' ? 'none' : 'denied');
    }
  }

  if (recorder)
    return (
      <div className="flex flex-wrap items-center gap-3">
        <Button look="danger" icon={Square} onClick={recorder.stop}>{t('memo.stop')}</Button>
        <div role="meter" aria-label={t('memo.level')} aria-valuemin={0} aria-valuemax={1} aria-valuenow={0} className="h-3 min-w-24 flex-1 overflow-hidden rounded-full bg-bg"><div ref={meter} className="h-full bg-accent" /></div>
        <span role="timer" className={cx('text-sm tabular-nums', seconds > longestSeconds - 15 && 'text-warn')}>{duration(seconds)} / {duration(longestSeconds)}</span>
      </div>
    );
  return (
    <div className="flex flex-wrap gap-2">
      <Button icon={Mic} onClick={() => void begin()}>{t('memo.record')}</Button>
      <Button icon={Upload} look="quiet" onClick={() => input.current?.click()}>{t('memo.choose')}</Button>
      <input ref={input} type="file" accept="audio/*" hidden onChange={event => void onFile(event.target.files?.[0])} />
    </div>
  );
}

function Playback({ recording }: { recording: Recording }) {
  const { t } = useTranslation('generator');
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(recording.audio);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [recording.audio]);
  return <audio controls src={url} aria-label={t('memo.playback')} className="h-11 w-full" />;
}

function Heard({ memo, used, onUse }: { memo: Schemas['VoiceMemoView']; used: boolean; onUse: () => void }) {
  const { t } = useTranslation('generator');
  return (
    <div className="flex flex-col gap-2">
      <NoteRoll notes={memo.notes ?? []} seconds={memo.durationSeconds ?? 1} />
      <p className="text-sm text-muted">{t('memo.heard', { count: memo.notes?.length ?? 0, key: memo.key, tempo: Math.round(memo.tempo ?? 0) })}</p>
      {used ? <p className="text-sm font-semibold text-good">{t('memo.inUse')}</p> : <Button className="self-start" onClick={onUse}>{t('memo.use')}</Button>}
    </div>
  );
}
