using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Problems;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Studio.Planning;

namespace Son1kVers3.Generation.Derivations;

/// <summary>A track that others can be made of.</summary>
internal sealed record Parent(Track Track, Plan Plan);

/// <summary>Makes requests of parents.</summary>
internal static class Parents
{
    private const int LongestTitle = 120;

    /// <exception cref="ProblemException">409: it is not finished, or its composition is not known.</exception>
    public static Parent RequirePlan(Track track)
    {
        if (track.Status != TrackStatus.Completed)
            throw Problem.Of(409, "not-finished", "This works with a finished track.");
        return StudioProvider.PlanOf(track) is { } plan
            ? new Parent(track, plan)
            : throw Problem.Of(409, "composition-unknown", "The composition of this track is not known, so it cannot be worked on.");
    }

    /// <summary>A request for a relative of a track.</summary>
    /// <param name="wish">The caller's words; a stranger does not inherit the owner's.</param>
    public static TrackRequest Request(Parent parent, Plan plan, string? wish, string title, string suffix, Guid user)
    {
        var prompt = !string.IsNullOrWhiteSpace(wish)
            ? wish
            : parent.Track.UserId == user ? parent.Track.Request.Prompt : $"{plan.Genre}, {plan.Mood}";
        return new TrackRequest
        {
            Prompt = prompt,
            Title = TextRules.Cut(title, LongestTitle - suffix.Length) + suffix,
            Lyrics = plan.Lyrics,
            Genre = plan.Genre,
            Mood = plan.Mood,
            Tempo = plan.Tempo,
            Key = plan.Key.Name,
            DurationSeconds = plan.DurationSeconds,
            Instrumental = plan.Instrumental,
            Seed = plan.Seed,
            Variation = plan.Variation,
            BasePlan = plan,
        };
    }
}
