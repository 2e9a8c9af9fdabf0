namespace Son1kVers3.Stealth.Tests.Simulation;

/// <summary>An account as the rotation's scripts keep it; the fields have the scripts' names.</summary>
internal sealed class TwinAccount(string id)
{
    public string Id => id;
    public string St = "healthy";
    public long Hu, Cu, Bu;
    public int Conc = 1, Rpm, Rpd, Rpmo, RestN, Weight = 1;
    public long Spend, RestMs;
    public bool Slide = true;
    public long Ru, Pr, PrN, MinId, MinN, DayId, DayN, MonId, MonN, MonC, CreditN, CreditCents, CreditHour, Turn;
    public int Rn;

    /// <summary>Until when its proxy is away.</summary>
    public long Xu { get; set; }

    /// <summary>Ticket → when its slot expires.</summary>
    public readonly Dictionary<string, long> Slots = [];

    /// <summary>When requests of the last minute were taken, oldest first.</summary>
    public readonly Queue<long> Minute = [];

    /// <summary>Hour → requests.</summary>
    public readonly Dictionary<long, long> Hours = [];

    public bool IsHalfOpen => St is "cooling" or "banned";

    public double Load => (double)Slots.Count / Conc;

    public void Expire(long now)
    {
        if (Slots.Count == 0)
            return;
        List<string>? gone = null;
        foreach (var (ticket, until) in Slots)
        {
            if (until <= now)
                (gone ??= []).Add(ticket);
        }

        foreach (var ticket in gone ?? [])
            Slots.Remove(ticket);
    }
}
