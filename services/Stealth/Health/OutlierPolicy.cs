namespace Son1kVers3.Stealth.Health;

/// <summary>What an account did in the last minutes.</summary>
/// <param name="Available">Whether requests go there now.</param>
/// <param name="Ejected">Whether it is away as an outlier.</param>
internal sealed record OutlierSample(Guid Id, bool Available, bool Ejected, long Requests, long Errors, double MeanMilliseconds);

/// <summary>Who leaves, and who comes back early.</summary>
internal sealed record OutlierDecision(IReadOnlyList<(Guid Id, string Reason)> Eject, IReadOnlyList<Guid> Readmit);

/// <summary>Takes the accounts away that fail, or answer, much worse than their peers; never more than a share of them.</summary>
/// <remarks>
/// After Envoy's outlier detection: an account is judged once it had enough requests; the worst goes first; at most
/// <see cref="LargestShare"/> of the accounts is ever away as outliers. When so few are left that the rest would be overrun
/// (<see cref="PanicShare"/>), outliers come back: a bad account is better than none.
/// </remarks>
internal sealed record OutlierPolicy
{
    /// <summary>Requests that an account must have had to be judged.</summary>
    public int Requests { get; init; } = 20;

    /// <summary>Errors among all requests.</summary>
    public double ErrorRate { get; init; } = 0.5;

    /// <summary>Slower than the median of the accounts by this factor.</summary>
    public double LatencyFactor { get; init; } = 4;

    /// <summary>Accounts that may be away as outliers, of all.</summary>
    public double LargestShare { get; init; } = 0.3;

    /// <summary>Available accounts, of all, below which outliers are used again.</summary>
    public double PanicShare { get; init; } = 0.3;

    public OutlierDecision Decide(IReadOnlyList<OutlierSample> accounts)
    {
        var available = accounts.Count(a => a.Available);
        var ejected = accounts.Count(a => a.Ejected && !a.Available);
        if (accounts.Count == 0 || available < accounts.Count * PanicShare)
            return new OutlierDecision([], [.. accounts.Where(a => a.Ejected && !a.Available).Select(a => a.Id)]);

        var room = Math.Min((int)(accounts.Count * LargestShare) - ejected, available - Math.Max(1, (int)Math.Ceiling(accounts.Count * PanicShare)));
        var judged = accounts.Where(a => a.Available && a.Requests >= Requests).ToList();
        var median = Median([.. judged.Select(a => a.MeanMilliseconds)]);
        var worst = judged.Select(a => (a.Id, Reason: ReasonOf(a, median, judged.Count), Rate: (double)a.Errors / a.Requests, a.MeanMilliseconds))
            .Where(a => a.Reason is not null)
            .OrderByDescending(a => a.Rate).ThenByDescending(a => a.MeanMilliseconds).ThenBy(a => a.Id)
            .Take(Math.Max(0, room));
        return new OutlierDecision([.. worst.Select(a => (a.Id, a.Reason!))], []);
    }

    private string? ReasonOf(OutlierSample account, double median, int peers)
    {
        if (account.Errors > account.Requests * ErrorRate)
            return $"{100 * account.Errors / account.Requests}% of {account.Requests} requests failed";
        return peers >= 3 && median > 0 && account.MeanMilliseconds > median * LatencyFactor
            ? $"{account.MeanMilliseconds:0} ms a request where its peers take {median:0}"
            : null;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values.Length == 0 ? 0 : values[values.Length / 2];
    }
}
