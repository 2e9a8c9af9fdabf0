namespace Son1kVers3.Stealth.Rotation;

/// <summary>What a take is for.</summary>
internal enum TakeMode
{
    /// <summary>A slot for a request, or for a lease.</summary>
    Take,

    /// <summary>A further request under a lease.</summary>
    Call,

    /// <summary>Says whose turn it is and passes on to the next; nothing is used.</summary>
    Rotate,
}

/// <summary>Asks for an account.</summary>
/// <param name="Ticket">Names the slot.</param>
/// <param name="User">For the strategy that binds users.</param>
/// <param name="Excluded">Accounts that failed this request already.</param>
/// <param name="Lease">For <see cref="TakeMode.Call"/>.</param>
/// <param name="Life">Of the slot unless it is renewed.</param>
internal sealed record TakeRequest(
    string Provider, TakeMode Mode, string Ticket, string User = "", int CostCents = 0, IReadOnlyCollection<Guid>? Excluded = null, Lease? Lease = null, TimeSpan? Life = null);

/// <summary>What came of it.</summary>
internal abstract record Take
{
    /// <summary>A slot is taken.</summary>
    internal sealed record Granted(Guid Account) : Take;

    /// <summary>None can take it now.</summary>
    /// <param name="At">The earliest instant at which one can; null when one can free up at any moment.</param>
    /// <param name="Never">None will by itself.</param>
    internal sealed record Busy(DateTimeOffset? At, bool Never, string Reason) : Take;
}

/// <summary>What a finished request was like.</summary>
/// <param name="Ticket">Its slot; null for a request under a lease, whose slot stays.</param>
/// <param name="Outcome"><c>ok</c> or the error class.</param>
internal sealed record Finished(
    string Provider, Guid Account, string? Ticket, string Outcome, TimeSpan Duration, int CostCents = 0, Guid? Proxy = null,
    DateTimeOffset? CoolUntil = null, Dialects.RateLimitWindow? Window = null)
{
    /// <summary>The outcome of a success.</summary>
    public const string Ok = "ok";
}

/// <summary>How an account stands in the rotation now.</summary>
/// <param name="Ineligible">Why it can't take a request now; null when it can.</param>
/// <param name="AvailableAt">When it can; null when that is at any moment, or not by itself.</param>
internal sealed record Standing(
    Guid Account, string? Ineligible, DateTimeOffset? AvailableAt, int InFlight, long Minute, long Day, long Month, long Cents, int SinceRest, long? ProviderRemaining);
