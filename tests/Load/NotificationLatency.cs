extern alias profile;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Son1kVers3.Contracts;
using Son1kVers3.ServiceDefaults.Messaging;
using Son1kVers3.Testing;

namespace Son1kVers3.Load;

/// <summary>How long after its event a notification reaches an open stream: through broker, consumer, NOTIFY and Server-Sent Events.</summary>
internal static class NotificationLatency
{
    private const int EventsPerSecond = 50;

    // What comes later than this counts as lost.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task MeasureAsync(ServiceHost<profile::Program> service, IReadOnlyList<(Guid Id, string Token)> members, int seconds)
    {
        await using var bus = await TestBus.StartAsync(service.Messaging);
        var (published, arrived, latencies) = (new ConcurrentDictionary<Guid, long>(), 0, new ConcurrentBag<TimeSpan>());
        using var over = new CancellationTokenSource();
        var open = members.Select(_ => new TaskCompletionSource()).ToList();
        var streams = members.Select((member, n) => FollowAsync(member.Token, open[n])).ToList();
        await Task.WhenAll(open.Select(stream => stream.Task)).WaitAsync(Limit);

        // None waits for the one before to be confirmed: the pace would follow the broker's.
        var (publishing, begun) = (new List<Task>(), Stopwatch.GetTimestamp());
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1d / EventsPerSecond));
        for (var n = 0; n < seconds * EventsPerSecond; n++)
        {
            await pace.WaitForNextTickAsync();
            var failed = new GenerationFailed
            {
                EventId = Guid.CreateVersion7(),
                OccurredAt = TimeProvider.System.GetUtcNow(),
                Sequence = 1,
                GenerationId = Guid.CreateVersion7(),
                UserId = members[n % members.Count].Id,
                Reason = "measured",
            };
            published[failed.GenerationId] = Stopwatch.GetTimestamp();
            publishing.Add(bus.PublishAsync(failed));
        }

        await Task.WhenAll(publishing);
        var rate = published.Count / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        for (var waited = Stopwatch.StartNew(); Volatile.Read(ref arrived) < published.Count && waited.Elapsed < Limit;)
            await Task.Delay(100);
        await over.CancelAsync();
        await Task.WhenAll(streams);
        var times = new Percentiles(latencies);
        Console.WriteLine($"  {$"notification, {rate:F0} a second",-26} {members.Count} streams   p50 {times.At(50),6:F1} ms   p99 {times.At(99),6:F1} ms   most {times.At(100):F0} ms   {published.Count - times.Count} lost");

        async Task FollowAsync(string token, TaskCompletionSource opened)
        {
            using var client = service.Client();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            try
            {
                await foreach (var item in client.ReadEventsAsync("/api/notifications/stream", null, over.Token))
                {
                    opened.TrySetResult();
                    using var data = JsonDocument.Parse(item.Data);
                    if (item.Kind != "notification" || !published.TryGetValue(data.RootElement.GetProperty("subjectId").GetGuid(), out var at))
                        continue;
                    latencies.Add(Stopwatch.GetElapsedTime(at));
                    Interlocked.Increment(ref arrived);
                }
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                // The measurement is over.
            }
        }
    }
}
