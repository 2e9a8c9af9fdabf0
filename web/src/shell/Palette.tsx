import { ArrowRight, Keyboard, Languages, Search, type LucideIcon } from 'lucide-react';
import { useId, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useSession } from '@/api/session';
import { languages, setLanguage } from '@/texts/i18n';
import { cx } from '@/ui/cx';
import { Dialog } from '@/ui/Dialog';
import { fold } from './fold';
import { places } from './places';

interface Command { id: string; label: string; icon: LucideIcon; run: () => void }

/** Everything by its name: places, language, help, search. */
export default function Palette({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const { status, me } = useSession();
  const [words, setWords] = useState('');
  const [active, setActive] = useState(0);
  const list = useId();
  const go = (path: string) => () => { onClose(); void navigate(path); };
  const other = languages.find(language => language !== i18n.language) ?? 'en';
  const seen = places.filter(place => place.access === 'public' || (status === 'member' && (place.access === 'member' || me?.roles.includes('operator'))));
  const all: Command[] = [
    ...seen.map(({ to, text, icon }) => ({ id: to, label: t(`nav.${text}`), icon, run: go(to) })),
    { id: 'language', label: `${t('nav.language')}: ${other.toUpperCase()}`, icon: Languages, run: () => { onClose(); void setLanguage(other); } },
    { id: 'help', label: t('keys.title'), icon: Keyboard, run: onHelp },
  ];
  const found: Command[] = [
    ...all.filter(command => fold(command.label).includes(fold(words))),
    ...(words.trim() ? [{ id: 'search', label: t('palette.search', { words }), icon: Search, run: go(`/search?q=${encodeURIComponent(words.trim())}`) }] : []),
  ];
  const chosen = Math.min(active, found.length - 1);
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setActive((chosen + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length);
    } else if (event.key === 'Enter') found[chosen]?.run();
  }
  return (
    <Dialog open onOpenChange={onClose} title={t('palette.title')}>
      <input
        role="combobox" aria-expanded aria-controls={list} aria-activedescendant={found[chosen] && `${list}-${found[chosen].id}`} aria-label={t('palette.title')} placeholder={t('palette.hint')} autoFocus
        value={words} onChange={event => { setWords(event.target.value); setActive(0); }} onKeyDown={onKeyDown} className="min-h-11 w-full rounded-xl border border-line bg-bg px-3.5"
      />
      <ul id={list} role="listbox" aria-label={t('palette.title')} className="flex max-h-80 flex-col overflow-y-auto">
        {found.map(({ id, label, icon: Icon, run }, index) => (
          <li key={id} id={`${list}-${id}`} role="option" aria-selected={index === chosen} onMouseMove={() => setActive(index)} onClick={run} className={cx('flex min-h-11 cursor-pointer items-center gap-3 rounded-xl px-3 text-sm', index === chosen && 'bg-raised text-cyan')}>
            <Icon aria-hidden className="size-5" /><span className="flex-1">{label}</span>{index === chosen && <ArrowRight aria-hidden className="size-4" />}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
