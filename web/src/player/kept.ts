let shown: string | null = null;

/** The song as this device keeps it, or null. One address at a time: the one before is given up. */
export async function keptAddress(id: string): Promise<string | null> {
  const kept = 'caches' in window ? await caches.match(`/kept/${id}`) : undefined;
  if (!kept) return null;
  const address = URL.createObjectURL(await kept.blob());
  if (shown) URL.revokeObjectURL(shown);
  shown = address;
  return address;
}
