import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, NavLink, Route, Routes, useLocation } from 'react-router';
import { cx, useActiveInView, usePageTitle } from '@/ui';
import { Analytics } from './Analytics';
import { ChallengeDesk } from './ChallengeDesk';
import { Errors } from './Errors';
import { MemberCare } from './MemberCare';
import { Moderation } from './Moderation';
import { Overview } from './Overview';
import { Reports } from './Reports';
import { StealthPanel } from './StealthPanel';

const sections: [string, ComponentType][] = [['overview', Overview], ['stealth', StealthPanel], ['pool', Moderation], ['reports', Reports], ['challenges', ChallengeDesk], ['members', MemberCare], ['errors', Errors], ['analytics', Analytics]];

export default function Ops() {
  const { t } = useTranslation('ops');
  const row = useActiveInView<HTMLElement>(useLocation().pathname);
  usePageTitle(t('ops.title'));
  return (
    <div className="page flex flex-col gap-5">
      <h1 className="text-3xl font-bold">{t('ops.title')}</h1>
      <nav ref={row} aria-label={t('ops.title')} className="flex gap-1 overflow-x-auto border-b border-line">
        {sections.map(([path]) => <NavLink key={path} to={`/ops/${path}`} replace className={({ isActive }) => cx('flex min-h-11 shrink-0 items-center border-b-2 px-4 text-sm font-bold', isActive ? 'border-cyan text-text' : 'border-transparent text-muted hover:text-text')}>{t(`section.${path}`)}</NavLink>)}
      </nav>
      <Routes>
        {sections.map(([path, Section]) => <Route key={path} path={path} element={<Section />} />)}
        <Route path="*" element={<Navigate replace to="/ops/overview" />} />
      </Routes>
    </div>
  );
}
