using Son1kVers3.Stealth.Fleet;

namespace Son1kVers3.Stealth.Rotation;

/// <summary>The Lua scripts of the rotation: what is common, the strategy, and what is to be done, joined.</summary>
internal static class Scripts
{
    public static readonly IReadOnlyDictionary<Strategy, ScriptSet> ByStrategy = Enum.GetValues<Strategy>().ToDictionary(s => s, s => new ScriptSet(s));

    /// <summary>The strategy's name in files, keys and JSON.</summary>
    public static string Name(this Strategy strategy) => strategy switch
    {
        Strategy.RoundRobin => "round-robin",
        Strategy.Random => "random",
        Strategy.LeastUsed => "least-used",
        Strategy.Weighted => "weighted",
        _ => "sticky-by-user",
    };

    internal static string Read(string file)
    {
        using var stream = typeof(Scripts).Assembly.GetManifestResourceStream($"Rotation/{file}.lua") ?? throw new InvalidOperationException($"{file}.lua is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>The scripts under one strategy.</summary>
internal sealed class ScriptSet(Strategy strategy)
{
    private readonly string _common = $"{Scripts.Read("account")}\n{Scripts.Read($"Strategies/{strategy.Name()}")}\n";

    public string Take => field ??= _common + Scripts.Read("take");
    public string Done => field ??= _common + Scripts.Read("done");
    public string Release => field ??= _common + Scripts.Read("release");
    public string Seed => field ??= _common + Scripts.Read("seed");
    public string Credit => field ??= _common + Scripts.Read("credit");
    public string Health => field ??= _common + Scripts.Read("health");
    public string Inspect => field ??= _common + Scripts.Read("inspect");
    public string Renew => field ??= _common + Scripts.Read("renew");
    public string Forget => field ??= _common + Scripts.Read("forget");
}
