using System.Diagnostics;
using Son1kVers3.Testing;

namespace Son1kVers3.AppHost.Tests;

/// <summary>How tests end what they have started.</summary>
[Trait("Category", "Unit")]
public sealed class ProcessTreeTests
{
    [Fact]
    public async Task Kill_OfATree_StopsNoProcessOnTheWay_AndLeavesNone()
    {
        using var root = Process.Start("sh", ["-c", "for i in 1 2 3 4 5 6 7 8; do sh -c 'sleep 600 & sleep 600' & done; wait"]);
        await Eventually.TrueAsync(() => Task.FromResult(ProcessTree.Below(root.Id).Count == 25), "the tree has grown");
        var tree = ProcessTree.Below(root.Id);
        using var end = new CancellationTokenSource();
        var states = Task.Factory.StartNew(() => StatesOf(tree, end.Token), TaskCreationOptions.LongRunning);

        ProcessTree.Kill(root.Id);
        await Eventually.TrueAsync(() => Task.FromResult(!tree.Any(ProcessTree.IsAlive)), "none is left");

        await end.CancelAsync();
        Assert.DoesNotContain('T', await states);
    }

    private static HashSet<char> StatesOf(IReadOnlyList<int> pids, CancellationToken end)
    {
        var seen = new HashSet<char>();
        while (!end.IsCancellationRequested)
            seen.UnionWith(pids.Select(ProcessTree.StateOf).OfType<char>());
        return seen;
    }
}
