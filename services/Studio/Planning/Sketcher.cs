using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Planning;

/// <summary>Writes the sketch of a piece: its progressions and motifs.</summary>
internal static class Sketcher
{
    /// <summary>The sections whose chords a style tells apart.</summary>
    public static readonly string[] Kinds = ["verse", "pre-chorus", "chorus", "bridge"];

    // Harmony that only some styles have of their own.
    private static readonly string[] Extras = ["intro", "outro", "cadence", "tonic"];

    /// <summary>The sketch that a seed gives in a genre; a take other than 0 keeps the harmony and finds other motifs.</summary>
    public static Sketch Draw(Genre genre, Key key, TimeSignature meter, int seed, int variation, Motif? hummed)
    {
        var harmony = new Dictionary<string, string>(StringComparer.Ordinal);
        var motifs = new Dictionary<string, Motif>(StringComparer.Ordinal);
        var grammar = new ProgressionGrammar(genre, key.Minor);
        foreach (var kind in Kinds)
        {
            var source = genre.Harmony.GetValueOrDefault(kind) ?? genre.Harmony[kind == "pre-chorus" ? "verse" : "chorus"];
            var choices = key.Minor ? source.Minor : source.Major;
            var dice = Dice.For(seed, $"harmony/{kind}");
            // The chords of a strophe with a form of its own, such as twelve-bar blues, are that form.
            harmony[kind] = genre.HasStropheForm ? dice.Pick(choices) : grammar.Write(choices, dice);
            var take = variation == 0 ? "" : FormattableString.Invariant($"/{variation}");
            motifs[kind] = MotifMaker.Make(genre.Melody, meter, Dice.For(seed, $"motif/{kind}{take}"), lifted: kind == "chorus");
        }

        foreach (var kind in Extras.Where(genre.Harmony.ContainsKey))
        {
            var choices = genre.Harmony[kind];
            harmony[kind] = Dice.For(seed, $"harmony/{kind}").Pick(key.Minor ? choices.Minor : choices.Major);
        }

        if (hummed is not null)
        {
            motifs["verse"] = hummed;
            motifs["chorus"] = hummed;
        }

        return new Sketch { Harmony = harmony, Motifs = motifs };
    }
}
