using System.Security.Cryptography;
using System.Text;
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
        Strategy.StickyByUser => "sticky-by-user",
        _ => throw new ArgumentOutOfRangeException(nameof(strategy), strategy, "There is no such strategy."),
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

    public Script Take => field ??= new Script(_common + Scripts.Read("take"));
    public Script Done => field ??= new Script(_common + Scripts.Read("done"));
    public Script Release => field ??= new Script(_common + Scripts.Read("release"));
    public Script Seed => field ??= new Script(_common + Scripts.Read("seed"));
    public Script Credit => field ??= new Script(_common + Scripts.Read("credit"));
    public Script Health => field ??= new Script(_common + Scripts.Read("health"));
    public Script Inspect => field ??= new Script(_common + Scripts.Read("inspect"));
    public Script Renew => field ??= new Script(_common + Scripts.Read("renew"));
    public Script Forget => field ??= new Script(_common + Scripts.Read("forget"));
}

/// <summary>A script, and the hash that Redis knows it by: sending and looking up its text each time would cost more than running it.</summary>
internal sealed record Script(string Text)
{
    public byte[] Hash { get; } = SHA1.HashData(Encoding.UTF8.GetBytes(Text));
}
