using System.Security.Cryptography;
using FluentValidation;
using Son1kVers3.Contracts;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Tracks;
using Son1kVers3.ServiceDefaults.Validation;
using Son1kVers3.Studio;
using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Generation.Generations;

/// <summary>The body of <c>POST /api/generations</c>.</summary>
internal sealed record CreateGeneration : MusicBrief
{
    /// <summary>10–300; when missing, what the prompt says, or 60.</summary>
    public int? DurationSeconds { get; init; }

    /// <summary>True when missing and there are no lyrics.</summary>
    public bool? Instrumental { get; init; }
    public Quality? Quality { get; init; }

    /// <summary>0–2147483647, drawn when missing: the same request and seed give the same music.</summary>
    public int? Seed { get; init; }

    /// <summary>A name of <c>GET /api/providers</c>; the first that can when missing.</summary>
    public string? Provider { get; init; }

    /// <summary>A hummed melody of the caller that becomes the motif.</summary>
    public Guid? VoiceMemoId { get; init; }
    public Visibility? Visibility { get; init; }

    /// <summary>Blanks are as good as nothing; what was left open is settled here.</summary>
    public TrackRequest ToRequest() => new(this)
    {
        Title = string.IsNullOrWhiteSpace(Title) ? null : Title.Trim(),
        Lyrics = string.IsNullOrWhiteSpace(Lyrics) ? null : Lyrics,
        Genre = Genre is null ? null : GenreCatalog.Find(Genre)!.Slug,
        Mood = string.IsNullOrWhiteSpace(Mood) ? null : Mood.Trim(),
        Key = string.IsNullOrWhiteSpace(Key) ? null : Key,
        DurationSeconds = DurationSeconds ?? 60,
        LengthFromPrompt = DurationSeconds is null,
        Instrumental = Instrumental ?? string.IsNullOrWhiteSpace(Lyrics),
        Seed = Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue),
        Provider = Provider,
        VoiceMemoId = VoiceMemoId,
    };
}

internal sealed class CreateGenerationValidator : AbstractValidator<CreateGeneration>
{
    public CreateGenerationValidator(ProviderCatalog providers)
    {
        RuleFor(r => r.Prompt).NotEmpty().WithMessage("Say what it should sound like.").Prose(2000);
        RuleFor(r => r.Title).Prose(120);
        RuleFor(r => r.Lyrics).Prose(5000);
        RuleFor(r => r.Genre).Must(g => g is null || GenreCatalog.Find(g) is not null).WithMessage("No such genre; see GET /api/genres.").Because(FieldReasons.UnknownChoice);
        RuleFor(r => r.Mood).Prose(60);
        RuleFor(r => r.Tempo).InclusiveBetween(40, 240);
        RuleFor(r => r.Key).Must(BeKey).WithMessage("A key such as 'A minor' or 'Bb major'.").Because(FieldReasons.MusicalKey);
        RuleFor(r => r.DurationSeconds).InclusiveBetween(10, 300);
        RuleFor(r => r.Seed).GreaterThanOrEqualTo(0);
        RuleFor(r => r.Provider).Must(p => p is null || providers.Find(p) is not null)
            .WithMessage("No such provider; see GET /api/providers.").Because(FieldReasons.UnknownChoice);
    }

    internal static bool BeKey(string? key) => string.IsNullOrWhiteSpace(key) || Key.TryParse(key, out _);
}
