using Son1kVers3.Studio;
using Son1kVers3.Studio.Planning;

namespace Son1kVers3.Generation.Tracks;

/// <summary>What was asked for, complete: nothing else is read when the job runs.</summary>
internal sealed record TrackRequest
{
    public required string Prompt { get; init; }
    public string? Title { get; init; }
    public string? Lyrics { get; init; }
    public string? Genre { get; init; }
    public string? Mood { get; init; }
    public int? Tempo { get; init; }
    public string? Key { get; init; }
    public int DurationSeconds { get; init; }

    /// <summary>No length was asked for: the prompt may name one.</summary>
    public bool LengthFromPrompt { get; init; }
    public bool Instrumental { get; init; }
    public int Seed { get; init; }

    /// <summary>The provider that was asked for by name; null leaves it to the configured order.</summary>
    public string? Provider { get; init; }
    public Guid? VoiceMemoId { get; init; }

    /// <summary>The memo's melody as it was when the request came.</summary>
    public IReadOnlyList<MelodyNote>? Melody { get; init; }
    public int Variation { get; init; }

    /// <summary>A plan to compose instead of one read from the prompt: remixes, extensions, variations.</summary>
    public Plan? BasePlan { get; init; }

    /// <summary>A title for a request that brought none: the start of its prompt.</summary>
    public string DefaultTitle()
    {
        const int longest = 60;
        var text = string.Join(' ', Prompt.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (text.Length > longest)
        {
            var end = text.LastIndexOf(' ', longest);
            text = PlainTextRules.Cut(text, end > 20 ? end : longest).TrimEnd(',', '.', ';', ':', ' ');
        }

        return text.Length == 0 ? "Untitled" : char.ToUpperInvariant(text[0]) + text[1..];
    }
}
