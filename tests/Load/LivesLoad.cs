extern alias billingtests;
using System.Diagnostics;
using System.Globalization;
using billingtests::Son1kVers3.Billing.Tests.Money;

namespace Son1kVers3.Load;

/// <summary>
/// Random lives of customers at Stripe, with refunds, disputes, draft hours, late payments and surplus subscriptions, read through
/// Stripe.net whenever one of their events comes in: how many end with
/// another entitlement than the model says. None must.
/// </summary>
internal static class LivesLoad
{
    public static async Task RunAsync(string[] args)
    {
        var lives = args is [var count, ..] ? int.Parse(count, CultureInfo.InvariantCulture) : 10_000;
        var seed = args is [_, var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : Environment.TickCount;
        var begun = Stopwatch.GetTimestamp();
        var differences = await Lives.DifferencesAsync(lives, seed);
        foreach (var difference in differences.Take(20))
            Console.WriteLine(difference);
        Console.WriteLine($"{lives} lives, seed {seed}: {differences.Count} differences from the model, {Stopwatch.GetElapsedTime(begun).TotalSeconds:F0} s");
        Environment.ExitCode = differences.Count == 0 ? 0 : 1;
    }
}
