using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Studio;
using Son1kVers3.Studio.Planning;

namespace Son1kVers3.Generation.Tracks;

/// <summary>
/// What was asked for, complete: nothing else is read when the job runs. The memo's melody is as it was when the request came.
/// </summary>
internal sealed record TrackRequest : StudioRequest
{
    public TrackRequest()
    {
    }

    /// <summary>A request for what a brief says.</summary>
    public TrackRequest(MusicBrief brief)
        : base(brief)
    {
    }

    /// <summary>The provider that was asked for by name; null leaves it to the configured order.</summary>
    public string? Provider { get; init; }
    public Guid? VoiceMemoId { get; init; }

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
            text = TextRules.Cut(text, end > 20 ? end : longest).TrimEnd(',', '.', ';', ':', ' ');
        }

        return text.Length == 0 ? "Untitled" : char.ToUpperInvariant(text[0]) + text[1..];
    }
}
