using System.Globalization;
using Son1kVers3.Testing;

namespace Son1kVers3.Load;

/// <summary>Plays all remote providers, so that the platform's way to them can be tried without any: <c>providers [port=8001]</c>, until Ctrl+C.</summary>
internal static class FakeProvidersCommand
{
    public static async Task RunAsync(string[] args)
    {
        await using var providers = await FakeProviders.StartAsync(args is [var port, ..] ? int.Parse(port, CultureInfo.InvariantCulture) : 8001);
        Console.WriteLine($"ACE-Step, ElevenLabs, Stability, Replicate, fal and MiniMax at {providers.Address}");
        var over = new TaskCompletionSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            over.TrySetResult();
        };
        await over.Task;
    }
}
