namespace Son1kVers3.ServiceDefaults.Concurrency;

/// <summary>A scarce thing of this process (encoders, decoders, password hashes), used by so many at a time, with turns that are fair among members.</summary>
/// <remarks>
/// Whoever waits stands in a line of the own member; the lines are served in turn, and within a line the first comes first. A member who asks a hundred times
/// makes others wait for one turn. With <paramref name="perMember"/> below <paramref name="capacity"/> there is always room for a second member, however long the turns are.
/// </remarks>
/// <param name="capacity">How many turns run at a time.</param>
/// <param name="perMember">How many of them for one member.</param>
public sealed class FairTurns(int capacity, int perMember = int.MaxValue)
{
    private readonly Dictionary<string, Line> _lines = [];
    private readonly LinkedList<Line> _order = [];
    private int _free = capacity;

    /// <summary>Waits for a turn; dispose it to end the turn.</summary>
    public async Task<IDisposable> TakeAsync(string member, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiting = new TaskCompletionSource<IDisposable>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lines)
        {
            if (!_lines.TryGetValue(member, out var line))
                _lines[member] = line = new Line(member);
            line.Waiting.Enqueue(waiting);
            if (line.Waiting.Count == 1)
                _order.AddLast(line);
            Serve();
        }

        // Its place in the line is passed over when its turn comes.
        await using var left = cancellationToken.Register(() => waiting.TrySetCanceled(cancellationToken));
        return await waiting.Task;
    }

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_lines)
                return _lines.Values.Sum(line => line.Waiting.Count(w => !w.Task.IsCompleted));
        }
    }

    /// <summary>Gives free turns to the lines, in their order. Under the lock.</summary>
    private void Serve()
    {
        for (var node = _order.First; node is not null && _free > 0;)
        {
            var (line, next) = (node.Value, node.Next);
            if (line.Running < perMember)
            {
                _order.Remove(node);
                if (line.TryServe(new Turn(this, line)))
                {
                    _free--;
                    line.Running++;
                }

                if (line.Waiting.Count > 0)
                {
                    _order.AddLast(node);
                    next ??= node;
                }
                else if (line.Running == 0)
                {
                    _lines.Remove(line.Member);
                }
            }

            node = next;
        }
    }

    private void End(Line line)
    {
        lock (_lines)
        {
            _free++;
            if (--line.Running == 0 && line.Waiting.Count == 0)
                _lines.Remove(line.Member);
            Serve();
        }
    }

    private sealed class Line(string member)
    {
        public string Member { get; } = member;
        public Queue<TaskCompletionSource<IDisposable>> Waiting { get; } = [];
        public int Running { get; set; }

        /// <summary>False: all who stood here have left.</summary>
        public bool TryServe(Turn turn)
        {
            while (Waiting.TryDequeue(out var first))
            {
                if (first.TrySetResult(turn))
                    return true;
            }

            return false;
        }
    }

    private sealed class Turn(FairTurns turns, Line line) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                turns.End(line);
        }
    }
}
