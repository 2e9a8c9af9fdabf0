using System.Diagnostics;

namespace Son1kVers3.Testing;

/// <summary>Waits for what must become true, and fails with what it waited for.</summary>
/// <remarks>The limit is only ever reached in a failure, so it is a long one: a slow machine must not look like a broken program.</remarks>
public static class Eventually
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Looks until <paramref name="condition"/> holds.</summary>
    /// <param name="condition">Looked at every 25 ms.</param>
    /// <param name="what">A sentence for the failure: "the track is in the pool".</param>
    /// <param name="within">Two minutes unless told.</param>
    /// <exception cref="TimeoutException">It did not hold in time.</exception>
    public static Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null) =>
        GetAsync(async () => await condition() ? condition : null, what, within);

    /// <summary>Asks until the answer is not null, and returns it.</summary>
    /// <exception cref="TimeoutException">There was none in time; the last exception is its cause.</exception>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> ask, string what, TimeSpan? within = null)
        where T : class
    {
        var begun = Stopwatch.GetTimestamp();
        var timeout = within ?? Timeout;
        Exception? last = null;
        while (Stopwatch.GetElapsedTime(begun) < timeout)
        {
            try
            {
                if (await ask() is { } answer)
                    return answer;
                last = null;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or System.Data.Common.DbException)
            {
                last = e;
            }

            await Task.Delay(Pause);
        }

        throw new TimeoutException($"Not within {timeout.TotalSeconds:0} s: {what}", last);
    }

    /// <summary>Looks again until <paramref name="check"/> passes; when it never does, the last look's failure is the test's.</summary>
    /// <param name="check">What must pass.</param>
    /// <param name="pause">25 ms unless told: longer for a check that takes much of the machine.</param>
    public static async Task PassesAsync(Func<Task> check, TimeSpan? pause = null)
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
            catch (Exception) when (Stopwatch.GetElapsedTime(begun) < Timeout)
            {
                await Task.Delay(pause ?? Pause);
            }
        }
    }

    /// <summary>The same for a check that has nothing to wait for in itself.</summary>
    public static Task PassesAsync(Action check) => PassesAsync(() =>
    {
        check();
        return Task.CompletedTask;
    });
}
