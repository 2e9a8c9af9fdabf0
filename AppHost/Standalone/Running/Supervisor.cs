namespace Son1kVers3.Standalone.Running;

/// <summary>Starts all units as soon as what they wait for is ready, and stops them in reverse.</summary>
internal sealed class Supervisor
{
    private readonly IReadOnlyList<Unit> units;

    public Supervisor(IReadOnlyList<UnitPlan> plans, Func<UnitPlan, Action<string>> logOf, Action changed)
    {
        units = [.. plans.Select(plan => new Unit(plan, logOf(plan), changed))];
        var known = plans.Select(plan => plan.Resource).ToHashSet();
        if (plans.SelectMany(plan => plan.WaitsFor).FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new InvalidOperationException($"Something waits for '{unknown}', which nothing runs.");
        }
    }

    /// <summary>The table.</summary>
    public IReadOnlyList<UnitStatus> Status => [.. units.Select(unit => unit.Status)];

    /// <summary>Starts everything and completes when everything is ready.</summary>
    /// <exception cref="StartFailedException">One can't be started; the others are left as they are.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var unit in units)
        {
            unit.Start(DependenciesOf(unit));
        }

        var starting = units.Select(unit => unit.Ready).ToList();
        while (starting.Count > 0)
        {
            var settled = await Task.WhenAny(starting).WaitAsync(cancellationToken);
            starting.Remove(settled);
            if (settled.Exception?.InnerException is StartFailedException failure)
            {
                throw failure;
            }
        }
    }

    /// <summary>Stops everything, dependants first, and kills what is left when the grace is over.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        using var killing = new CancellationTokenSource(grace);
        await using var registration = killing.Token.Register(() =>
        {
            foreach (var unit in units)
            {
                unit.Kill();
            }
        });
        var stopping = new Dictionary<Unit, Task>();
        await Task.WhenAll(units.Select(StopInTurn));

        Task StopInTurn(Unit unit)
        {
            if (!stopping.TryGetValue(unit, out var task))
            {
                var dependants = units.Where(other => DependsOn(other, unit)).Select(StopInTurn).ToArray();
                task = StopAfterAsync(unit, dependants);
                stopping[unit] = task;
            }

            return task;
        }
    }

    /// <summary>Stops, starts or restarts the units of one resource, or one unit.</summary>
    /// <returns>A sentence on what was done.</returns>
    public async Task<string> CommandAsync(string verb, string name)
    {
        var chosen = units.Where(unit => unit.Plan.Name == name || unit.Plan.Resource == name).ToArray();
        if (chosen.Length == 0 || verb is not ("stop" or "start" or "restart"))
        {
            return $"Type stop, start or restart and one of: {string.Join(", ", units.Select(unit => unit.Plan.Name))}.";
        }

        if (verb is "stop" or "restart")
        {
            await Task.WhenAll(chosen.Select(unit => unit.StopAsync()));
        }

        foreach (var unit in chosen.Where(unit => verb != "stop" && unit.Status.State is UnitState.Stopped or UnitState.Failed))
        {
            unit.Start(Task.CompletedTask);
        }

        return $"{verb} {name}: done.";
    }

    private static bool DependsOn(Unit unit, Unit other) =>
        unit.Plan.WaitsFor.Contains(other.Plan.Resource) || (unit.Plan.Uses.Contains(other.Plan.Resource) && unit.Plan.Resource != other.Plan.Resource);

    private static async Task StopAfterAsync(Unit unit, Task[] dependants)
    {
        await Task.WhenAll(dependants);
        await unit.StopAsync();
    }

    private async Task DependenciesOf(Unit unit)
    {
        try
        {
            await Task.WhenAll(units.Where(other => unit.Plan.WaitsFor.Contains(other.Plan.Resource)).Select(other => other.Ready));
        }
        catch (Exception exception) when (exception is StartFailedException or DependencyFailedException)
        {
            throw new DependencyFailedException();
        }
    }
}
