using System.Net.Http.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Son1kVers3.Contracts;
using Son1kVers3.Pool.Contributions;
using Son1kVers3.Pool.Tests.Hosting;

namespace Son1kVers3.Pool.Tests.Contributions;

/// <summary>The accumulator beside a model of it, under any order and duplication of what may happen to a member's tracks.</summary>
[Collection(SharedPool.Name)]
[Trait("Category", "Integration")]
public sealed class AccumulatorModelTests(PoolFixture fixture)
{
    private const int Tracks = 70;

    private enum Step
    {
        Complete,
        CompleteAgain,
        ContributeByHand,
        AskToDelete,
        Delete,
    }

    [Fact]
    public void Accumulator_WhateverHappensInWhateverOrder_ContributesAsTheModelSays()
    {
        // Mostly completions, so that thresholds are crossed.
        var step = Gen.Frequency([
            (12, Gen.Constant(Step.Complete)), (3, Gen.Constant(Step.CompleteAgain)), (2, Gen.Constant(Step.ContributeByHand)),
            (2, Gen.Constant(Step.AskToDelete)), (1, Gen.Constant(Step.Delete))]);
        var steps = step.Zip(Gen.Choose(0, Tracks - 1)).ArrayOf(110);
        Prop.ForAll(steps.ToArbitrary(), run => CheckAsync(run).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(8).WithEndSize(1));
    }

    private async Task<bool> CheckAsync((Step Step, int Track)[] run)
    {
        var user = fixture.NewUser();
        var tracks = Enumerable.Range(0, Tracks)
            .Select(n => fixture.Completed(user) with
            {
                OccurredAt = fixture.Clock.GetUtcNow().AddSeconds(n),
                Allowance = n % 7 == 0
                ? Allowance.Free : Allowance.Paid
            }).ToList();
        var model = new Model(tracks);
        foreach (var (step, track) in run)
        {
            await ApplyAsync(step, tracks[track], user);
            model.Apply(step, track);
        }

        Assert.Equal(model.Completed, await fixture.ScalarAsync<long>("SELECT completed FROM contributors WHERE user_id = $1", user));
        Assert.Equal(model.Contributed, await fixture.ScalarAsync<long>("SELECT contributed FROM contributors WHERE user_id = $1", user));
        var pool = await fixture.ScalarAsync<Guid[]>("SELECT array_agg(generation_id) FROM tracks WHERE user_id = $1 AND contributed_at IS NOT NULL", user) ?? [];
        Assert.Equal(model.InPool.Order(), pool.Order());
        return true;
    }

    private async Task ApplyAsync(Step step, GenerationCompleted track, Guid user)
    {
        switch (step)
        {
            case Step.Complete or Step.CompleteAgain:
                await fixture.CompleteAsync(track with { EventId = Guid.CreateVersion7() });
                break;
            case Step.ContributeByHand:
                using (await fixture.Pool.Client(user).PostAsJsonAsync("/api/community/contribute", new { track.GenerationId }))
                    break;
            case Step.AskToDelete:
                await using (var scope = fixture.Pool.Services.CreateAsyncScope())
                    await scope.ServiceProvider.GetRequiredService<DecideDeletion>()
                        .AnswerAsync(new MayDelete { GenerationId = track.GenerationId, UserId = user }, CancellationToken.None);
                break;
            default:
                await fixture.ApplyAsync<OnGenerationDeleted, GenerationDeleted>(new GenerationDeleted
                {
                    GenerationId = track.GenerationId,
                    UserId = user,
                    Bytes = 0,
                    Sequence = 99
                });
                break;
        }
    }

    /// <summary>The rules in plain sets.</summary>
    private sealed class Model(List<GenerationCompleted> tracks)
    {
        private readonly HashSet<int> _done = [];
        private readonly HashSet<int> _gone = [];
        private readonly Dictionary<int, bool> _pool = [];

        public long Completed => _done.Count(t => tracks[t].Allowance == Allowance.Paid);
        public long Contributed { get; private set; }
        public IEnumerable<Guid> InPool => _pool.Keys.Select(t => tracks[t].GenerationId);

        public void Apply(Step step, int track)
        {
            switch (step)
            {
                case Step.Complete or Step.CompleteAgain:
                    if (_done.Add(track) && tracks[track].Allowance == Allowance.Paid)
                        Accumulate(track);
                    break;
                case Step.ContributeByHand:
                    if (_done.Contains(track) && !_gone.Contains(track))
                        _pool.TryAdd(track, false);
                    break;
                case Step.AskToDelete:
                    if (!_pool.TryGetValue(track, out var automatic) || !automatic)
                        (_, _) = (_gone.Add(track), _pool.Remove(track));
                    break;
                default:
                    _gone.Add(track);
                    if (_pool.Remove(track, out var owed) && owed)
                        Contributed--;
                    break;
            }
        }

        private void Accumulate(int crossing)
        {
            while (Contributed < Completed / 20)
            {
                var free = _done.Where(t => tracks[t].Allowance == Allowance.Paid && !_gone.Contains(t) && !_pool.ContainsKey(t)).ToList();
                if (free.Count == 0)
                    return;
                _pool[free.Contains(crossing) ? crossing : free.Max()] = true;
                Contributed++;
            }
        }
    }
}
