using System.Text.Json;
using Son1kVers3.Generation.Derivations;
using Son1kVers3.Studio;
using Son1kVers3.Studio.Composing;
using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Listening;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Generation.Tests;

/// <summary>What the remix assistant makes of the facts.</summary>
[Trait("Category", "Unit")]
public sealed class SuggestionTests
{
    private static readonly Taste NoTaste = new([]);

    /// <summary>Nothing stands out in it.</summary>
    private static readonly TrackAnalysis Usual = new()
    {
        DurationSeconds = 100,
        LoudnessLufs = -14,
        LoudnessRangeLu = 6,
        Tempo = 100,
        TempoConfidence = 1,
        Key = "A minor",
        KeyConfidence = 1,
        BrightnessHertz = 4000,
        LowShare = 0.3,
        StereoWidth = 0.1,
        OnsetsPerSecond = 4.5,
        Sections = [new("verse", 0, 50, -16, 4), new("chorus", 50, 100, -12, 5)],
    };

    private static Plan Piece { get; } = PlanOf("pop");

    public static TheoryData<string, string, string, string> Findings => new()
    {
        { "flat chorus", "The chorus is only 0.4 LU louder than the verse", "El estribillo suena solo 0,4 LU más fuerte que la estrofa",
            "style" },
        { "quiet chorus", "The chorus is 1.5 LU quieter than the verse", "El estribillo suena 1,5 LU más bajo que la estrofa", "style" },
        { "even", "Only 1.8 LU lie between its quiet and its loud passages", "Solo hay 1,8 LU entre lo más suave y lo más fuerte",
            "seconds" },
        { "thin", "Little happens below 120 Hz: 6% of the energy; Sub Bass",
            "Poco ocurre por debajo de 120 Hz: un 6% de la energía; con Subgrave", "prompt" },
        { "boomy", "61% of the energy lies below 120 Hz; Electric Bass",
            "Un 61% de la energía está por debajo de 120 Hz; con Bajo eléctrico", "prompt" },
        { "dark", "It sounds dark: its weight lies at 1.3 kHz; Percussion", "Suena oscura: su peso está en 1,3 kHz; con Percusión",
            "prompt" },
        { "bright", "It sounds bright: its weight lies at 6.4 kHz; without drums", "Suena brillante: su peso está en 6,4 kHz", "prompt" },
        { "narrow", "It is nearly mono: the channels differ in 1% of the energy",
            "Es casi mono: los canales difieren en un 1% de la energía", "prompt" },
        { "busy", "It hardly rests, with 8.2 attacks a second at 100 bpm; 88 bpm",
            "Apenas descansa, con 8,2 ataques por segundo a 100 bpm; 88 bpm", "tempo" },
        { "sparse", "It moves calmly, with 1.2 attacks a second at 100 bpm; 112 bpm",
            "Se mueve con calma, con 1,2 ataques por segundo a 100 bpm; 112 bpm", "tempo" },
    };

    [Theory]
    [MemberData(nameof(Findings))]
    public void For_WhenSomethingStandsOut_NamesItFirstAndOnlyThen(string fact, string reason, string reasonEs, string member)
    {
        var plan = Without(Piece, "finger-bass", "latin-percussion");
        var told = Suggestions.For(plan, With(fact), NoTaste);

        Assert.StartsWith(reason, told[0].Reason, StringComparison.Ordinal);
        Assert.StartsWith(reasonEs, told[0].ReasonEs, StringComparison.Ordinal);
        Assert.Equal([member], told[0].Body.Keys);
        Assert.DoesNotContain(Suggestions.For(plan, Usual, NoTaste), s => s.Reason.StartsWith(reason[..12], StringComparison.Ordinal));
    }

    [Fact]
    public void For_WhenTwoThingsStandOut_TellsTheStrongerFirst()
    {
        var slightlyDark = Usual with { BrightnessHertz = 2800, LowShare = 0.01 };
        var slightlyThin = Usual with { BrightnessHertz = 600, LowShare = 0.19 };

        Assert.Contains("120 Hz", Suggestions.For(Piece, slightlyDark, NoTaste)[0].Reason, StringComparison.Ordinal);
        Assert.Contains("dark", Suggestions.For(Piece, slightlyThin, NoTaste)[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void For_WhenTheKeyIsHeardAsAnother_NamesBoth()
    {
        var key = Suggestions.For(Piece, Usual with { Key = "C major" }, NoTaste).Single(s => s.Body.ContainsKey("key"));

        Assert.Equal("Written in A minor, it is heard as C major; in A major the same melody turns bright.", key.Reason);
        Assert.Equal("A major", key.Body["key"]);
        Assert.DoesNotContain(Suggestions.For(Piece, Usual with { Key = "F# minor", KeyConfidence = 0.1 }, NoTaste),
            s => s.Reason.Contains("heard", StringComparison.Ordinal));
    }

    [Fact]
    public void For_WhenTheListenerHasAHabit_OffersItsGenreAndTempo()
    {
        var taste = new Taste([new("reggaeton", 5, 7, 92), new("pop", 3, 4, 124.4), new("jazz", 1, 1, 120)]);
        var told = Suggestions.For(Piece, Usual, taste);

        var style = told.Single(s => s.Body.ContainsKey("style"));
        Assert.Equal(
            ("reggaeton", "Reggaetón is in 7 of your latest tracks: hear this piece that way."), (style.Body["style"], style.Reason));
        var tempo = told.Single(s => s.Body.ContainsKey("tempo"));
        Assert.Equal((124, "Tus temas de Pop van a unos 124 bpm; este va a 100."), (tempo.Body["tempo"], tempo.ReasonEs));
    }

    [Fact]
    public void For_WhenTheListenerMakesWhatThisIs_OffersSomethingElse()
    {
        var told = Suggestions.For(Piece, Usual, new Taste([new("pop", 5, 9, 101)]));

        Assert.DoesNotContain(told, s => s.Body.TryGetValue("style", out var style) && (string)style == "pop");
        Assert.DoesNotContain(told, s => s.Reason.StartsWith("Your", StringComparison.Ordinal));
    }

    [Fact]
    public void For_WhenNobodyListened_SpeaksOfThePlanAlone()
    {
        var told = Suggestions.For(Piece, null, NoTaste);

        Assert.InRange(told.Count, 3, 6);
        Assert.DoesNotContain(
            told, s => s.Reason.Contains("heard", StringComparison.Ordinal) || s.Reason.Contains("LU", StringComparison.Ordinal));
    }

    public static TheoryData<string> Genres => [.. GenreCatalog.All.Select(g => g.Slug)];

    [Theory]
    [MemberData(nameof(Genres))]
    public void For_AnyPiece_GivesThreeToSixThatCanBeSentAndChangeWhatTheyName(string genre)
    {
        var liked = new Taste([new("salsa", 5, 7, 180), new(genre, 3, 4, 60)]);
        string[] facts = ["usual", "flat chorus", "even", "thin", "boomy", "dark", "bright", "narrow", "busy", "sparse"];
        foreach (var seconds in (int[])[10, 60, 280, 300])
        {
            var plan = PlanOf(genre, seconds);
            foreach (var told in facts.Select(fact => Suggestions.For(plan, With(fact), NoTaste))
                .Append(Suggestions.For(plan, null, liked)).Append(Suggestions.For(plan, Usual, liked)))
            {
                Assert.InRange(told.Count, 3, 6);
                Assert.Equal(told.Count, told.DistinctBy(s => s.Action + JsonSerializer.Serialize(s.Body)).Count());
                Assert.All(told, s => AssertChanges(plan, s));
            }
        }
    }

    [Fact]
    public void For_TheSameFacts_GivesTheSame()
    {
        var (first, second) = (Suggestions.For(Piece, With("dark"), NoTaste), Suggestions.For(PlanOf("pop"), With("dark"), NoTaste));

        Assert.Equal(JsonSerializer.Serialize(first), JsonSerializer.Serialize(second));
    }

    [Theory]
    [MemberData(nameof(Genres))]
    public void Remix_AsItIsSuggested_CanBeComposed(string genre)
    {
        var plan = PlanOf(genre);
        string[] facts = ["flat chorus", "thin", "boomy", "dark", "bright", "narrow", "busy", "sparse"];
        var wishes = facts.SelectMany(fact => Suggestions.For(plan, With(fact), NoTaste)).Where(s => s.Action == "remix")
            .Select(s => JsonSerializer.Deserialize<RemixRequest>(JsonSerializer.Serialize(s.Body), JsonSerializerOptions.Web)!).Distinct();

        Assert.All(
            wishes, w => Assert.NotEmpty(Composer.Compose(Relatives.Remix(plan, new RemixOptions(w.Style, w.Tempo, w.Key, w.Prompt))).Parts));
    }

    /// <summary>The body as a client sends it: valid, and its one wish comes true.</summary>
    private static void AssertChanges(Plan plan, Suggestion suggestion)
    {
        var text = JsonSerializer.Serialize(suggestion.Body);
        Assert.NotEqual(suggestion.Reason, suggestion.ReasonEs);
        switch (suggestion.Action)
        {
            case "remix":
                var remix = JsonSerializer.Deserialize<RemixRequest>(text, JsonSerializerOptions.Web)!;
                Assert.True(new RemixRequestValidator().Validate(remix).IsValid, text);
                Assert.Single(suggestion.Body);
                var made = Relatives.Remix(plan, new RemixOptions(remix.Style, remix.Tempo, remix.Key, remix.Prompt));
                var came = remix.Style is { } style ? made.Genre == style && plan.Genre != style
                    : remix.Tempo is { } tempo ? made.Tempo == tempo && plan.Tempo != tempo
                    : remix.Key is { } key ? made.Key.Name == key && plan.Key.Name != key
                    : remix.Prompt == "without drums" ? plan.Voices.Any(IsDrums) && !made.Voices.Any(IsDrums)
                    : made.Voices.Select(v => v.Instrument).Except(plan.Voices.Select(v => v.Instrument))
                        .Any(slug => suggestion.Reason.Contains(InstrumentCatalog.Get(slug).Name, StringComparison.Ordinal));
                Assert.True(came, $"{plan.Genre}: {suggestion.Reason} {text}");
                break;
            case "extend":
                var extend = JsonSerializer.Deserialize<ExtendRequest>(text, JsonSerializerOptions.Web)!;
                Assert.True(new ExtendRequestValidator().Validate(extend).IsValid, text);
                Assert.Equal(plan.DurationSeconds + extend.Seconds!.Value, Relatives.Extend(plan, extend.Seconds.Value).DurationSeconds);
                break;
            default:
                Assert.Equal(("variations", "{}"), (suggestion.Action, text));
                break;
        }
    }

    private static bool IsDrums(PlanVoice voice) => voice.Role is PartRole.Drums or PartRole.Percussion;

    private static TrackAnalysis With(string fact) => fact switch
    {
        "flat chorus" => Usual with { Sections = [new("verse", 0, 50, -14.4, 4), new("chorus", 50, 100, -14, 5)] },
        "quiet chorus" => Usual with { Sections = [new("verse", 0, 50, -12.5, 4), new("chorus", 50, 100, -14, 5)] },
        "even" => Usual with { LoudnessRangeLu = 1.8 },
        "thin" => Usual with { LowShare = 0.06 },
        "boomy" => Usual with { LowShare = 0.61 },
        "dark" => Usual with { BrightnessHertz = 1310 },
        "bright" => Usual with { BrightnessHertz = 6400 },
        "narrow" => Usual with { StereoWidth = 0.012 },
        "busy" => Usual with { OnsetsPerSecond = 8.2 },
        "sparse" => Usual with { OnsetsPerSecond = 1.2 },
        _ => Usual,
    };

    private static Plan PlanOf(string genre, int seconds = 60) =>
        Planner.Read(
            new StudioRequest { Prompt = genre, Genre = genre, Key = "A minor", Tempo = 100, DurationSeconds = seconds, Seed = 4 });

    private static Plan Without(Plan plan, params string[] instruments) =>
        plan with { Voices = [.. plan.Voices.Where(v => !instruments.Contains(v.Instrument))] };
}
