using StackExchange.Redis;

namespace Son1kVers3.Pool.Ranking;

/// <summary>The ranking in Redis: a sorted set of keys a period, where a place is found in logarithmic time. May be lost; Postgres holds
/// all of it.</summary>
/// <remarks>
/// All members of the set have the same score, so that the set is ordered by their text (<see cref="Score"/>). Beside it a hash knows each
/// member's key with the version it came with: news that arrive late don't overwrite newer ones. A period is read only while it is marked
/// as complete; the mark is set by a rebuild, and all marks go when news were lost (<see cref="InvalidateAsync"/>).
/// </remarks>
internal sealed class RankingCache(IConnectionMultiplexer redis, TimeProvider clock)
{
    private const string Complete = "pool:ranking:complete";
    private const int Chunk = 1000;
    private static readonly TimeSpan BuildLock = TimeSpan.FromMinutes(1);

    /// <summary>Longer than any week or month is read as the present one. All time stays.</summary>
    private static readonly TimeSpan Keep = TimeSpan.FromDays(62);

    private const string ApplyScript =
        """
        for i = 1, #ARGV, 3 do
            local known = redis.call('HGET', KEYS[2], ARGV[i])
            local version, key = 0, ''
            if known then
                local bar = string.find(known, '|', 1, true)
                version, key = tonumber(string.sub(known, 1, bar - 1)), string.sub(known, bar + 1)
            end
            if tonumber(ARGV[i + 1]) >= version then
                if key ~= '' then redis.call('ZREM', KEYS[1], key) end
                if ARGV[i + 2] ~= '' then redis.call('ZADD', KEYS[1], 0, ARGV[i + 2]) end
                redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1] .. '|' .. ARGV[i + 2])
            end
        end
        """;

    private const string ReadScript =
        """
        if redis.call('HEXISTS', KEYS[3], ARGV[1]) == 0 then return false end
        local from, before = '-', 0
        if ARGV[3] ~= '' then
            from = '(' .. ARGV[3]
            before = redis.call('ZLEXCOUNT', KEYS[1], '-', '[' .. ARGV[3])
        end
        local own, rank = '', -1
        if ARGV[2] ~= '' then
            local known = redis.call('HGET', KEYS[2], ARGV[2])
            if known then
                own = string.sub(known, string.find(known, '|', 1, true) + 1)
                if own ~= '' then rank = redis.call('ZRANK', KEYS[1], own) end
            end
        end
        return { before, own, rank, redis.call('ZRANGEBYLEX', KEYS[1], from, '+', 'LIMIT', 0, ARGV[4]) }
        """;

    /// <summary>Marks a period as complete, if the build that says so still holds the lock.</summary>
    private const string CompleteScript =
        """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        redis.call('HSET', KEYS[2], ARGV[2], '1')
        redis.call('DEL', KEYS[1])
        return 1
        """;

    private IDatabase Database => redis.GetDatabase();

    /// <summary>The part of the ranking, or null while the period is not complete here.</summary>
    /// <exception cref="RedisException">Redis is away.</exception>
    public async Task<RankingSlice?> ReadAsync(RankingPeriod period, Guid? caller, string? after, int limit)
    {
        var answer = await Database.ScriptEvaluateAsync(
            ReadScript, [Set(period.Name, period.StartsOn), Keys(period.Name, period.StartsOn), Complete],
            [Field(period.Name, period.StartsOn), caller?.ToString() ?? "", after ?? "", limit]);
        if (answer.IsNull)
            return null;
        var parts = (RedisResult[])answer!;
        var own = (string)parts[1]!;
        return new RankingSlice((long)parts[0], (string[])parts[3]!, own.Length > 0 ? own : null, (long)parts[2]);
    }

    /// <summary>Takes changes over. Harmless for a period that is not complete: a rebuild begins from nothing.</summary>
    public async Task ApplyAsync(IReadOnlyCollection<StandingChange> changes)
    {
        foreach (var period in changes.GroupBy(c => (c.Timeframe, c.StartsOn)))
        {
            foreach (var chunk in period.Chunk(Chunk))
            {
                await Database.ScriptEvaluateAsync(
                    ApplyScript, [Set(period.Key.Timeframe, period.Key.StartsOn), Keys(period.Key.Timeframe, period.Key.StartsOn)],
                    [.. chunk.SelectMany(c => (RedisValue[])[c.UserId.ToString(), c.Version, c.SortKey ?? ""])]);
            }
        }
    }

    /// <summary>News were lost: no period is read until it is built anew.</summary>
    public Task InvalidateAsync() => Database.KeyDeleteAsync(Complete);

    /// <summary>Builds a period from what <paramref name="load"/> reads, unless somebody builds it already.</summary>
    /// <returns>Whether it is complete by this build.</returns>
    public async Task<bool> RebuildAsync(RankingPeriod period, Func<Task<List<StandingChange>>> load)
    {
        var (set, keys, lockKey) = (Set(period.Name, period.StartsOn), Keys(period.Name, period.StartsOn),
            (RedisKey)$"pool:ranking:building:{Field(period.Name, period.StartsOn)}");
        var token = Guid.CreateVersion7(clock.GetUtcNow()).ToString();
        if (!await Database.StringSetAsync(lockKey, token, BuildLock, When.NotExists))
            return false;
        await Database.HashDeleteAsync(Complete, Field(period.Name, period.StartsOn));
        await Database.KeyDeleteAsync([set, keys]);
        await ApplyAsync(await load());
        if (period.EndsOn is not null)
        {
            await Database.KeyExpireAsync(set, Keep);
            await Database.KeyExpireAsync(keys, Keep);
        }

        return (int)await Database.ScriptEvaluateAsync(CompleteScript, [lockKey, Complete],
            [token, Field(period.Name, period.StartsOn)]) == 1;
    }

    /// <summary>Every key of a period in its order, to be compared with Postgres.</summary>
    public async Task<string[]> AllAsync(RankingPeriod period) =>
        [.. (await Database.SortedSetRangeByValueAsync(Set(period.Name, period.StartsOn))).Select(key => (string)key!)];

    private static string Field(string timeframe, DateOnly startsOn) => $"{timeframe}:{startsOn:yyyy-MM-dd}";

    private static RedisKey Set(string timeframe, DateOnly startsOn) => $"pool:ranking:{Field(timeframe, startsOn)}:order";

    private static RedisKey Keys(string timeframe, DateOnly startsOn) => $"pool:ranking:{Field(timeframe, startsOn)}:keys";
}
