import { useQuery } from '@tanstack/react-query';
import { Dices, Lock, LockOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { duration } from '@/texts/format';
import { Badge, Button, Field, Select } from '@/ui';
import type { Limits } from './allowance';
import { useGenres } from './GenreChips';
import type { Body } from './store';

const keys = ['C', 'Db', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'].flatMap(note => [`${note} major`, `${note} minor`]);
const qualities = ['standard', 'high', 'ultra'] as const;
const largestSeed = 2_147_483_647;

interface Props {
  form: Body;
  set: (change: Partial<Body>) => void;
  limits: Limits | undefined;
  errorOf: (field: keyof Body) => string | undefined;
}

export function CustomFields({ form, set, limits, errorOf }: Props) {
  const { t } = useTranslation('generator');
  const genres = useGenres();
  const providers = useQuery({ queryKey: ['providers'], queryFn: () => body(api.GET('/api/providers')), staleTime: 60_000 });
  const genre = genres.data?.items?.find(one => one.slug === form.genre);
  const down = providers.data?.items?.filter(provider => provider.status !== 'up') ?? [];
  const asNumber = (text: string) => (text === '' ? undefined : Number(text));
  const seconds = form.durationSeconds ?? 60;
  return (
    <>
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label={t('mood')} list="moods" value={form.mood ?? ''} maxLength={60} onChange={event => set({ mood: event.target.value })} error={errorOf('mood')} />
        <datalist id="moods">{genre?.moods?.map(mood => <option key={mood} value={mood} />)}</datalist>
        <Select label={t('key')} value={form.key ?? ''} onChange={event => set({ key: event.target.value || undefined })} error={errorOf('key')}>
          <option value="">{t('any')}</option>
          {keys.map(key => <option key={key}>{key}</option>)}
        </Select>
        <Field label={t('tempo')} hint={genre ? t('tempoHint', { min: genre.tempoMin, max: genre.tempoMax }) : t('tempoAny')} type="number" inputMode="numeric" min={40} max={240} value={form.tempo ?? ''} onChange={event => set({ tempo: asNumber(event.target.value) })} error={errorOf('tempo')} />
        <label className="flex flex-col gap-1.5">
          <span className="text-sm font-semibold">{t('duration', { time: duration(seconds) })}</span>
          <input type="range" min={10} max={300} step={5} value={seconds} aria-valuetext={duration(seconds)} onChange={event => set({ durationSeconds: event.target.valueAsNumber })} className="h-11 w-full accent-cyan" />
        </label>
        <Select label={t('quality')} value={form.quality ?? 'standard'} onChange={event => set({ quality: event.target.value as Body['quality'] })} error={errorOf('quality')} hint={limits && limits.qualities.length < 3 ? t('qualityHint') : undefined}>
          {qualities.map(quality => <option key={quality} value={quality} disabled={limits && !limits.qualities.includes(quality)}>{t(`qualities.${quality}`)}</option>)}
        </Select>
        <Select label={t('visibility')} value={form.visibility ?? 'private'} onChange={event => set({ visibility: event.target.value as Body['visibility'] })}>
          {(['private', 'unlisted', 'public'] as const).map(one => <option key={one} value={one}>{t(`visibilities.${one}`)}</option>)}
        </Select>
        <Select label={t('provider')} value={form.provider ?? ''} onChange={event => set({ provider: event.target.value || undefined })} error={errorOf('provider')}>
          <option value="">{t('anyProvider')}</option>
          {providers.data?.items?.map(one => <option key={one.name} value={one.name} disabled={one.status !== 'up'}>{one.name}{one.status === 'up' ? '' : ` – ${t('down')}`}</option>)}
        </Select>
        <Seed value={form.seed ?? null} onChange={seed => set({ seed })} error={errorOf('seed')} />
      </div>
      {down.map(provider => <Badge key={provider.name} tone="warn" className="self-start">{t('providerDown', { name: provider.name })}</Badge>)}
    </>
  );
}

/** Locked, the same words give the same song again. */
function Seed({ value, onChange, error }: { value: number | null; onChange: (seed: number | undefined) => void; error?: string }) {
  const { t } = useTranslation('generator');
  const locked = value !== null;
  const roll = () => onChange(crypto.getRandomValues(new Uint32Array(1))[0]! & largestSeed);
  return (
    <div className="flex flex-wrap items-end gap-2">
      <Field className="min-w-36 flex-1" label={t('seed')} hint={t(locked ? 'seedLocked' : 'seedFree')} type="number" inputMode="numeric" min={0} max={largestSeed} value={value ?? ''} onChange={event => onChange(event.target.value === '' ? undefined : Number(event.target.value))} error={error} />
      <Button icon={locked ? Lock : LockOpen} aria-pressed={locked} onClick={() => (locked ? onChange(undefined) : roll())} className="mb-6">{t(locked ? 'seedUnlock' : 'seedLock')}</Button>
      {locked && <Button icon={Dices} onClick={roll} className="mb-6">{t('seedRoll')}</Button>}
    </div>
  );
}
