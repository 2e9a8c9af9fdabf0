using System.Collections.Concurrent;

namespace Son1kVers3.Stealth.Rotation;

/// <summary>The slots that this replica holds, so that it can keep them alive; when it dies they expire.</summary>
internal sealed class SlotRegistry
{
    private readonly ConcurrentDictionary<string, (string Provider, Guid Account)> _held = new();

    public int Count => _held.Count;

    public void Add(string ticket, string provider, Guid account) => _held[ticket] = (provider, account);

    public void Remove(string ticket) => _held.TryRemove(ticket, out _);

    /// <summary>What is held, by provider.</summary>
    public ILookup<string, (Guid Account, string Ticket)> ByProvider() => _held.ToLookup(h => h.Value.Provider, h => (h.Value.Account, h.Key));
}
