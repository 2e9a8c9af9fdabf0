import { create } from 'zustand';

/** The right panel from 1024 px, a sheet below. */
export const usePanel = create<{ open: boolean }>(() => ({ open: false }));
export const togglePanel = () => usePanel.setState(({ open }) => ({ open: !open }));
export const closePanel = () => usePanel.setState({ open: false });
