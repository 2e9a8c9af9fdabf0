using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Son1kVers3.Stealth.Egress;

/// <summary>Metrics and spans of egress; of an account only its id is told.</summary>
internal sealed class EgressMetrics
{
    private static readonly ActivitySource Source = new("Son1kVers3.Stealth");
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _wait;
    private readonly Counter<long> _failovers;

    public EgressMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Son1kVers3.Stealth");
        _requests = meter.CreateCounter<long>("stealth.egress.attempts", description: "Requests that were sent to providers, by outcome.");
        _duration = meter.CreateHistogram<double>("stealth.egress.duration", "s", "How long providers took.");
        _wait = meter.CreateHistogram<double>("stealth.rotation.wait", "s", "How long requests waited for a slot.");
        _failovers = meter.CreateCounter<long>("stealth.egress.failovers", description: "Requests that were sent again through another account.");
    }

    public Activity? StartAttempt(string provider, Guid account) =>
        Source.StartActivity($"egress {provider}", ActivityKind.Client)?.SetTag("stealth.provider", provider).SetTag("stealth.account", account);

    public void Attempted(string provider, string outcome, TimeSpan duration)
    {
        _requests.Add(1, new("provider", provider), new("outcome", outcome));
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("provider", provider));
    }

    public void Waited(string provider, TimeSpan wait) => _wait.Record(wait.TotalSeconds, new KeyValuePair<string, object?>("provider", provider));

    public void FailedOver(string provider) => _failovers.Add(1, new KeyValuePair<string, object?>("provider", provider));
}
