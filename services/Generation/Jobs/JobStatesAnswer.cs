using Microsoft.EntityFrameworkCore;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Quotas;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Messaging;

namespace Son1kVers3.Generation.Jobs;

/// <summary>Tells billing how jobs stand.</summary>
internal sealed class JobStatesAnswer(GenerationDb db) : IAnswer<AskJobStates, JobStates>
{
    public async Task<JobStates> AnswerAsync(AskJobStates question, CancellationToken cancellationToken)
    {
        var ids = question.GenerationIds.ToList();
        // A request that is just being taken in has an intent, and from one moment to the next a job instead: looked for in this order, it
        // is not missed.
        var pending = (await db.Set<PendingReservation>().AsNoTracking().Where(i => i.Ids.Any(id => ids.Contains(id))).Select(i => i.Ids)
            .ToListAsync(cancellationToken)).SelectMany(i => i).ToHashSet();
        var found = await db.Tracks.AsNoTracking().Where(t => ids.Contains(t.Id))
            .ToDictionaryAsync(t => t.Id, t => t.Status, cancellationToken);
        return new JobStates { Jobs = [.. ids.Select(id => new JobState { GenerationId = id, State = StateOf(id) })] };

        string StateOf(Guid id) => found.TryGetValue(id, out var status)
            ? status is TrackStatus.Completed or TrackStatus.Failed or TrackStatus.Cancelled ? status.ToString()
                .ToLowerInvariant() : "running"
            : pending.Contains(id) ? "running" : "unknown";
    }
}
