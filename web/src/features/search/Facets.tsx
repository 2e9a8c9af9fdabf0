import { useTranslation } from 'react-i18next';
import type { operations } from '@/api/schema';
import { number } from '@/texts/format';
import { Select } from '@/ui';

type SearchFacets = operations['Search']['responses'][200]['content']['application/json']['facets'];

const kinds = ['genre', 'mood', 'key', 'bpm'] as const;

/** What the matches can be narrowed to, each with its count. A chosen value stays to be taken back, also where nothing matches it. */
export function Facets({ facets, params, set }: { facets: SearchFacets; params: URLSearchParams; set: (changes: Record<string, string>) => void }) {
  const { t } = useTranslation('search');
  return (
    <div role="group" aria-label={t('narrow')} className="grid grid-cols-2 gap-3 *:min-w-0 md:grid-cols-4">
      {kinds.map(kind => {
        const chosen = params.get(kind) ?? '';
        const values = facets[kind].some(one => one.value === chosen) || !chosen ? facets[kind] : [{ value: chosen, count: 0 }, ...facets[kind]];
        return (
          <Select key={kind} label={t(`facet.${kind}`)} hideLabel value={chosen} onChange={event => set({ [kind]: event.target.value })}>
            <option value="">{t(`facet.${kind}`)}</option>
            {values.map(({ value, count }) => <option key={value} value={value}>{`${kind === 'bpm' ? t('bpmRange', { from: value, to: Number(value) + 20 }) : value} (${number(count)})`}</option>)}
          </Select>
        );
      })}
    </div>
  );
}
