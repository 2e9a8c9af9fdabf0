namespace Son1kVers3.AppHost.Lifetime;

/// <summary>What a person sees who started the application from a terminal.</summary>
/// <param name="writer">The console.</param>
internal sealed class Terminal(TextWriter writer)
{
    private readonly Lock _gate = new();

    /// <summary>Lines that belong together.</summary>
    public void Say(params ReadOnlySpan<string> lines)
    {
        lock (_gate)
        {
            foreach (var line in lines)
                writer.WriteLine(line);
            writer.Flush();
        }
    }
}
