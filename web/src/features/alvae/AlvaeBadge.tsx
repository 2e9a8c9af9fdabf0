import { Sparkles } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { needsTexts } from '@/texts/i18n';
import { Badge } from '@/ui';

needsTexts('alvae');

const tones = { FOUNDER: 'gold', TESTER: 'cyan', EARLY_ADOPTER: 'violet' } as const;
export type AlvaeLevel = keyof typeof tones;

/** Level in words, number beside it where it is known; the colour only repeats it. */
export function AlvaeBadge({ level, alvaeId }: { level: AlvaeLevel; alvaeId?: string | null }) {
  const { t } = useTranslation('alvae');
  return <Badge tone={tones[level]}><Sparkles aria-hidden className="size-3" />{t(`levels.${level}`)}{alvaeId && <span className="font-mono">{alvaeId}</span>}</Badge>;
}
