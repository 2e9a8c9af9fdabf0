import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { number } from '@/texts/format';
import type { Generation } from '../generator/jobs';

/** What was asked for and what was made of it. */
export function Details({ generation, mine }: { generation: Generation; mine: boolean }) {
  const { t } = useTranslation('track');
  const { plan } = generation;
  const facts = [
    [t('detail.mood'), plan?.mood],
    [t('detail.tempo'), plan?.tempo && t('detail.bpm', { tempo: number(Math.round(plan.tempo)) })],
    [t('detail.key'), plan?.key],
    [t('detail.meter'), plan?.timeSignature],
    [t('detail.instruments'), plan?.instruments?.join(', ')],
    [t('detail.provider'), generation.provider],
    [t('detail.seed'), generation.seed?.toString()],
  ].filter((fact): fact is [string, string] => Boolean(fact[1]));
  return (
    <div className="flex flex-col gap-5">
      {mine && generation.prompt && <div><h2 className="text-sm font-bold text-muted">{t('detail.prompt')}</h2><p className="mt-1 break-words whitespace-pre-wrap">{generation.prompt}</p><Link to={`/create?prompt=${encodeURIComponent(generation.prompt)}`} className="inline-flex min-h-11 items-center text-sm font-semibold text-cyan hover:underline">{t('detail.again')}</Link></div>}
      <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-[auto_1fr]">
        {facts.map(([name, value]) => <div key={name} className="contents"><dt className="text-sm text-muted">{name}</dt><dd className="-mt-2 font-semibold break-words sm:mt-0">{value}</dd></div>)}
      </dl>
      {plan?.ignored && plan.ignored.length > 0 && (
        <div><h2 className="text-sm font-bold text-muted">{t('detail.ignored')}</h2><ul className="mt-1 list-inside list-disc text-sm">{plan.ignored.map((one, index) => <li key={index}>{one.what}: {one.why}</li>)}</ul></div>
      )}
    </div>
  );
}
