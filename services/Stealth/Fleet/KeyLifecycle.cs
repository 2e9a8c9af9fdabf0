namespace Son1kVers3.Stealth.Fleet;

/// <summary>overlap → drain → revoke: when a key gives way to its successor, and which one is used meanwhile.</summary>
internal static class KeyLifecycle
{
    /// <summary>How long both keys are valid where the operator says nothing.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    /// <summary>How long what began with a key may go on with it.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromHours(1);

    /// <summary>Days before the end of a key at which operators hear of it.</summary>
    private static readonly int[] Warnings = [1, 7, 14];

    /// <summary>The key that new requests use: the newest active one that neither has expired nor was refused; a refused one before none at all.</summary>
    public static AccountKey? Current(IEnumerable<AccountKey> keys, DateTimeOffset now) => keys
        .Where(k => k.Status == KeyStatus.Active && k.Secret is not null && (k.ExpiresAt is null || k.ExpiresAt > now))
        .OrderBy(k => k.RefusedAt is not null).ThenByDescending(k => k.CreatedAt).ThenByDescending(k => k.Id)
        .FirstOrDefault();

    /// <summary>A successor was added: the others drain after the overlap, or at once where one key at a time is the rule.</summary>
    public static void GiveWay(AccountKey key, TimeSpan overlap, DateTimeOffset now)
    {
        if (key.Status != KeyStatus.Active)
            return;
        key.DrainAt = key.DrainAt is { } earlier && earlier < now + overlap ? earlier : now + overlap;
        if (overlap <= TimeSpan.Zero)
            StartDraining(key, now);
    }

    /// <summary>Takes the steps that are due. Returns whether there were any.</summary>
    /// <param name="inUse">Whether leases still use the key.</param>
    public static bool Advance(AccountKey key, bool inUse, DateTimeOffset now)
    {
        var before = key.Status;
        if (key.Status == KeyStatus.Active && (key.DrainAt <= now || key.ExpiresAt <= now))
            StartDraining(key, now);
        if (key.Status == KeyStatus.Draining && (key.RevokeAt <= now || key.ExpiresAt <= now || (!inUse && before == KeyStatus.Draining)))
            Revoke(key);
        return key.Status != before;
    }

    /// <summary>At once, whatever uses it.</summary>
    public static void Revoke(AccountKey key) => (key.Status, key.Secret) = (KeyStatus.Revoked, null);

    /// <summary>Days of which to warn now, or null: each warning is given once.</summary>
    public static int? WarningOf(AccountKey key, DateTimeOffset now)
    {
        if (key.Status != KeyStatus.Active || key.ExpiresAt is not { } end)
            return null;
        var due = Warnings.FirstOrDefault(days => end - now <= TimeSpan.FromDays(days));
        return due > 0 && (key.WarnedDays is not { } warned || due < warned) ? due : null;
    }

    private static void StartDraining(AccountKey key, DateTimeOffset now)
    {
        key.Status = KeyStatus.Draining;
        key.RevokeAt = now + Drain;
    }
}
