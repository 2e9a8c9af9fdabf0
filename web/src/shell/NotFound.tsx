import { useTranslation } from 'react-i18next';
import { ButtonLink } from '@/ui/Button';
import { usePageTitle } from '@/ui/usePageTitle';

/** Also for a page to show when what its address names isn't there. */
export function NotFound() {
  const { t } = useTranslation();
  usePageTitle(t('notFound.title'));
  return (
    <div className="page flex flex-col items-center gap-4 pt-24 text-center">
      <p className="text-accent font-display text-6xl font-bold">404</p>
      <h1 className="text-2xl font-bold">{t('notFound.title')}</h1>
      <p className="text-muted">{t('notFound.hint')}</p>
      <ButtonLink to="/" look="primary">{t('notFound.home')}</ButtonLink>
    </div>
  );
}
