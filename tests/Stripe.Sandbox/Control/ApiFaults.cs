using System.Text.Json.Serialization;

namespace Son1kVers3.Stripe.Sandbox.Control;

/// <summary>What goes wrong with a call.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultKind>))]
internal enum FaultKind
{
    /// <summary>Only late, at most until the faults are cleared; every other kind can be late too.</summary>
    Delay,

    /// <summary>409, nothing happened.</summary>
    Conflict,

    /// <summary>429, nothing happened.</summary>
    RateLimit,

    /// <summary>500, nothing happened; the idempotency key stays free.</summary>
    ErrorBefore,

    /// <summary>500 although it happened; Stripe replays that 500 for the key.</summary>
    ErrorAfter,

    /// <summary>It happened, and the connection broke before the answer.</summary>
    Abort,

    /// <summary>The connection broke before it happened.</summary>
    AbortBefore,
}

/// <param name="Method">The HTTP method; any when null.</param>
/// <param name="Path">The path, with a final <c>*</c> for everything below; any when null.</param>
/// <param name="Times">How many calls it meets.</param>
internal sealed record ApiFault(FaultKind Kind, string? Method = null, string? Path = null, int Times = 1, int DelayMs = 0);

/// <summary>The faults that wait for their calls, first come first served.</summary>
internal sealed class ApiFaults
{
    private readonly Lock _gate = new();
    private readonly List<ApiFault> _faults = [];
    private CancellationTokenSource _cleared = new();

    /// <summary>Cancelled when the faults of now are cleared.</summary>
    public CancellationToken Cleared
    {
        get
        {
            lock (_gate)
            {
                return _cleared.Token;
            }
        }
    }

    public void Add(ApiFault fault)
    {
        lock (_gate)
        {
            _faults.Add(fault);
        }
    }

    public void Clear()
    {
        CancellationTokenSource waiting;
        lock (_gate)
        {
            _faults.Clear();
            waiting = _cleared;
            _cleared = new CancellationTokenSource();
        }

        waiting.Cancel();
    }

    public ApiFault[] All()
    {
        lock (_gate)
        {
            return [.. _faults];
        }
    }

    public ApiFault? Take(string method, string path)
    {
        lock (_gate)
        {
            var index = _faults.FindIndex(fault => Matches(fault, method, path));
            if (index < 0)
            {
                return null;
            }

            var fault = _faults[index];
            if (fault.Times <= 1)
            {
                _faults.RemoveAt(index);
            }
            else
            {
                _faults[index] = fault with { Times = fault.Times - 1 };
            }

            return fault;
        }
    }

    private static bool Matches(ApiFault fault, string method, string path) =>
        (fault.Method is null || fault.Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && (fault.Path is null
            || fault.Path == path
            || (fault.Path.EndsWith('*') && path.StartsWith(fault.Path[..^1], StringComparison.Ordinal)));
}
