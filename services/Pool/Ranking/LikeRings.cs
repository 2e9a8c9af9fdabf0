namespace Son1kVers3.Pool.Ranking;

/// <summary>So many of one member's tracks another one likes.</summary>
internal sealed record LikeEdge(Guid From, Guid To, int Likes);

/// <summary>Members who push each other up.</summary>
/// <param name="Members">In the order of their ids.</param>
/// <param name="Likes">What went around among them.</param>
internal sealed record LikeRing(IReadOnlyList<Guid> Members, int Likes);

/// <summary>Finds rings: groups in which likes come back to whoever gave them, directly or around some corners.</summary>
/// <remarks>
/// A ring is a strongly connected part of the graph of likes with more than one member. An edge counts from <see cref="LeastLikes"/> likes
/// on, and only where they are a good part of all that its giver likes (<see cref="LeastShare"/>): who likes many artists may well like
/// some back. Tarjan's algorithm, one pass, without recursion (rings may be long).
/// </remarks>
internal static class LikeRings
{
    public const int LeastLikes = 3;
    public const double LeastShare = 0.3;

    public static IReadOnlyList<LikeRing> Find(IReadOnlyCollection<LikeEdge> edges)
    {
        var given = edges.GroupBy(e => e.From).ToDictionary(g => g.Key, g => g.Sum(e => e.Likes));
        var strong = edges.Where(e => e.From != e.To && e.Likes >= LeastLikes && e.Likes >= LeastShare * given[e.From]).ToList();
        return [.. Components(strong.ToLookup(e => e.From, e => e.To)).Where(c => c.Count > 1).Select(c => Ring(c, strong))];
    }

    private static LikeRing Ring(HashSet<Guid> members, List<LikeEdge> edges) =>
        new([.. members.Order()], edges.Where(e => members.Contains(e.From) && members.Contains(e.To)).Sum(e => e.Likes));

    private static List<HashSet<Guid>> Components(ILookup<Guid, Guid> next)
    {
        var (index, low, stack, onStack, components) = (new Dictionary<Guid, int>(), new Dictionary<Guid, int>(), new Stack<Guid>(),
            new HashSet<Guid>(), new List<HashSet<Guid>>());
        foreach (var root in next.Select(g => g.Key))
        {
            if (index.ContainsKey(root))
                continue;
            var path = new Stack<(Guid Node, IEnumerator<Guid> Next)>();
            Enter(root);
            while (path.Count > 0)
            {
                var (node, children) = path.Peek();
                if (children.MoveNext())
                {
                    if (!index.ContainsKey(children.Current))
                        Enter(children.Current);
                    else if (onStack.Contains(children.Current))
                        low[node] = Math.Min(low[node], index[children.Current]);
                    continue;
                }

                path.Pop();
                if (path.Count > 0)
                    low[path.Peek().Node] = Math.Min(low[path.Peek().Node], low[node]);
                if (low[node] == index[node])
                    components.Add(Leave(node));
            }

            void Enter(Guid node)
            {
                index[node] = low[node] = index.Count;
                stack.Push(node);
                onStack.Add(node);
                path.Push((node, next[node].GetEnumerator()));
            }
        }

        return components;

        HashSet<Guid> Leave(Guid first)
        {
            var component = new HashSet<Guid>();
            Guid node;
            do
            {
                node = stack.Pop();
                onStack.Remove(node);
                component.Add(node);
            }
            while (node != first);
            return component;
        }
    }
}
