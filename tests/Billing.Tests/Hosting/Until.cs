using System.Diagnostics;

namespace Son1kVers3.Billing.Tests.Hosting;

/// <summary>Waits for what happens soon, with a deadline instead of a fixed time.</summary>
internal static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Looks again until the check passes; the last look's failure is the test's.</summary>
    public static async Task PassesAsync(Func<Task> check)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await check();
                return;
            }
            // What is not there yet may show as any error, such as a sequence without elements.
            catch (Exception) when (Stopwatch.GetElapsedTime(begun) < Patience)
            {
                await Task.Delay(25);
            }
        }
    }
}
