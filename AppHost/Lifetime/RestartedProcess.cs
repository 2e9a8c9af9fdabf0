namespace Son1kVers3.AppHost.Lifetime;

/// <summary>What is known of one process to decide whether it must be started again: a small state machine over the states that Aspire reports.</summary>
internal sealed class RestartedProcess(Backoff backoff)
{
    private readonly Lock _gate = new();
    private bool _isAskedToStop;
    private bool _isRestarting;

    public Backoff Backoff { get; } = backoff;

    /// <summary>It has ended, and was not seen to start since.</summary>
    public bool IsDown { get; private set; }

    /// <summary>How it ended.</summary>
    public CustomResourceSnapshot Last { get; private set; } = null!;

    /// <summary>Takes note of a state; true where somebody must begin to restart it now.</summary>
    public bool Observe(CustomResourceSnapshot snapshot)
    {
        lock (_gate)
        {
            Last = snapshot;
            if (snapshot.IsIn(KnownResourceStates.Running, KnownResourceStates.Starting))
            {
                if (snapshot.IsIn(KnownResourceStates.Running) && (IsDown || _isAskedToStop))
                    Backoff.Started();
                (IsDown, _isAskedToStop) = (false, false);
            }
            else if (snapshot.IsIn(KnownResourceStates.Stopping))
            {
                _isAskedToStop = true;
            }
            else if (snapshot.HasEnded() && !IsDown)
            {
                IsDown = true;
                if (!_isAskedToStop && !_isRestarting)
                    return _isRestarting = true;
            }

            return false;
        }
    }

    /// <summary>After a start: false where it has ended again meanwhile, and whoever restarts it must go on.</summary>
    public bool IsUpAgain()
    {
        lock (_gate)
        {
            if (IsDown && !_isAskedToStop)
                return false;
            _isRestarting = false;
            return true;
        }
    }
}
