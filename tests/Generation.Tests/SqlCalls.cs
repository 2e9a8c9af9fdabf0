using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Son1kVers3.Generation.Tests;

/// <summary>
/// Counts what requests send to the database, by their trace: Npgsql tells of each statement or batch, Entity Framework of commits.
/// </summary>
internal sealed class SqlCalls : IDisposable, IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private readonly ActivityListener _statements;
    private readonly ConcurrentBag<IDisposable> _subscriptions = [];
    private readonly ActivityTraceId _trace = ActivityTraceId.CreateRandom();
    private readonly ConcurrentQueue<string> _texts = [];
    private int _commits;
    private int _written;

    public SqlCalls()
    {
        _statements = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.Source.Name == "Npgsql" && activity.TraceId == _trace)
                    _texts.Enqueue(activity.TagObjects.FirstOrDefault(t => t.Key is "db.statement" or "db.query.text").Value as string
                        ?? activity.DisplayName);
            },
        };
        ActivitySource.AddActivityListener(_statements);
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    /// <summary>Statements and batches, each a round trip.</summary>
    public int Statements => _texts.Count;

    /// <summary>Commits of transactions, each a round trip.</summary>
    public int Commits => _commits;

    /// <summary>Statements outside a transaction that write: each is a commit, too.</summary>
    public int WrittenAlone => _written;

    /// <summary>What was sent, for a failure's text.</summary>
    public string Texts => string.Join("\n---\n", _texts);

    /// <summary>A request whose calls are counted.</summary>
    public HttpRequestMessage Request(HttpMethod method, string path, object? body = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("traceparent", $"00-{_trace}-{ActivitySpanId.CreateRandom()}-01");
        return request;
    }

    public void Dispose()
    {
        _statements.Dispose();
        foreach (var subscription in _subscriptions)
            subscription.Dispose();
    }

    void IObserver<DiagnosticListener>.OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.EntityFrameworkCore")
            _subscriptions.Add(value.Subscribe(this));
    }

    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> value)
    {
        if (Activity.Current?.TraceId != _trace)
            return;
        if (value.Key == RelationalEventId.TransactionCommitted.Name)
            Interlocked.Increment(ref _commits);
        else if (value.Key == RelationalEventId.CommandExecuted.Name
            && value.Value is CommandEventData { Command: { Transaction: null } command }
            && !command.CommandText.TrimStart().StartsWith("SELECT", StringComparison.OrdinalIgnoreCase))
            Interlocked.Increment(ref _written);
    }

    void IObserver<DiagnosticListener>.OnCompleted()
    {
    }

    void IObserver<DiagnosticListener>.OnError(Exception error)
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnCompleted()
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnError(Exception error)
    {
    }
}
