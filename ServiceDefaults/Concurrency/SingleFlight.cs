namespace Son1kVers3.ServiceDefaults.Concurrency;

/// <summary>Of many callers in this process who want the same thing made at the same moment, one makes it and all get it.</summary>
/// <remarks>
/// <para>What is made belongs to all who wait for it: it goes on while at least one of them stays, and is cancelled when the last one has left. It must therefore not use
/// anything that belongs to the first caller's request (a scoped database context): take a scope of its own.</para>
/// <para>At most so many things are made at a time, with fair turns (<see cref="FairTurns"/>); who waits holds nothing but memory. Over replicas a lease does the same.</para>
/// </remarks>
/// <typeparam name="T">What is made.</typeparam>
/// <param name="makers">How many things are made at a time.</param>
/// <param name="perMember">How many of those for one member.</param>
public sealed class SingleFlight<T>(int makers, int perMember = int.MaxValue)
{
    private readonly Dictionary<string, Flight> _flights = [];
    private readonly FairTurns _turns = new(makers, perMember);

    /// <summary>What <paramref name="make"/> makes, whoever of those who asked for <paramref name="key"/> came first. A failure is told to all of them, and forgotten.</summary>
    /// <param name="key">The thing.</param>
    /// <param name="member">Who asks, for fair turns.</param>
    /// <param name="make">Its token fires when nobody waits any longer.</param>
    /// <param name="cancellationToken">This caller leaves.</param>
    public async Task<T> RunAsync(string key, string member, Func<CancellationToken, Task<T>> make, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var flight = Join(key, member, make);
        try
        {
            return await flight.Made.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave(key, flight);
        }
    }

    private Flight Join(string key, string member, Func<CancellationToken, Task<T>> make)
    {
        lock (_flights)
        {
            if (!_flights.TryGetValue(key, out var flight))
            {
                _flights[key] = flight = new Flight();
                flight.Made = Task.Run(() => MakeAsync(key, member, flight, make));
            }

            flight.Waiting++;
            return flight;
        }
    }

    private async Task<T> MakeAsync(string key, string member, Flight flight, Func<CancellationToken, Task<T>> make)
    {
        try
        {
            using var turn = await _turns.TakeAsync(member, flight.Abandoned.Token);
            return await make(flight.Abandoned.Token);
        }
        finally
        {
            Land(key, flight);
        }
    }

    private void Leave(string key, Flight flight)
    {
        lock (_flights)
        {
            if (--flight.Waiting > 0 || flight.Made.IsCompleted)
                return;
        }

        // Whoever comes now begins anew.
        Land(key, flight);
        flight.Abandoned.Cancel();
        // Nobody is left who could be told of its failure.
        flight.Made.ContinueWith(made => made.Exception, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
    }

    private void Land(string key, Flight flight)
    {
        lock (_flights)
        {
            if (_flights.TryGetValue(key, out var current) && current == flight)
                _flights.Remove(key);
        }
    }

    private sealed class Flight
    {
        public CancellationTokenSource Abandoned { get; } = new();
        public Task<T> Made { get; set; } = null!;
        public int Waiting { get; set; }
    }
}
