using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Son1kVers3.Testing;

/// <summary>Keeps what was logged last, for the message of a failure.</summary>
internal sealed class RecentLines : ILoggerProvider
{
    private const int Kept = 2000;

    private readonly ConcurrentQueue<string> _lines = new();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, this);

    /// <inheritdoc/>
    public void Dispose()
    {
        // It is read after the application has ended.
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join('\n', _lines);

    private void Add(string line)
    {
        _lines.Enqueue(line);
        while (_lines.Count > Kept)
            _lines.TryDequeue(out _);
    }

    private sealed class Logger(string category, RecentLines lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add($"{category}: {formatter(state, exception)}{(exception is null ? string.Empty : $"\n{exception}")}");
    }
}
