import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '@/ui/Dialog';
import { setSingleKeys, shortcuts, singleKeysOn } from './keys';

const more = [{ text: 'palette', keys: ['Ctrl', 'K'] }, { text: 'go', keys: ['G', 'H/P/C/L'] }];

export default function KeyHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [singles, setSingles] = useState(singleKeysOn);
  return (
    <Dialog open onOpenChange={onClose} title={t('keys.title')}>
      <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
        {[...shortcuts, ...more].map(({ text, keys }) => (
          <div key={text} className="flex min-h-9 items-center justify-between gap-3 text-sm">
            <dt>{t(`keys.${text}`)}</dt>
            <dd className="flex gap-1">{keys.map(key => <kbd key={key} className="rounded-md border border-line bg-bg px-2 py-0.5 font-sans text-xs font-bold">{key}</kbd>)}</dd>
          </div>
        ))}
      </dl>
      <label className="flex min-h-11 items-center gap-3 text-sm font-semibold">
        <input type="checkbox" checked={singles} onChange={event => { setSingleKeys(event.target.checked); setSingles(event.target.checked); }} className="size-5 accent-cyan" />
        {t('keys.singles')}
      </label>
    </Dialog>
  );
}
