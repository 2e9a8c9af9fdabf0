using Son1kVers3.Studio.Genres;
using Son1kVers3.Studio.Planning;
using Son1kVers3.Studio.Scores;

namespace Son1kVers3.Studio.Composing;

/// <summary>Writes the score of a plan.</summary>
/// <remarks>
/// The form and the sketch's progressions are laid out bar by bar; each chair of the band writes on a grid of sixteenths
/// with its own stream of random numbers; then the parts are performed: swing, timing, touch, expression.
/// The same plan gives the same score on every machine.
/// </remarks>
public static class Composer
{
    /// <summary>Composes the piece.</summary>
    /// <exception cref="KeyNotFoundException">The plan names an unknown genre or instrument.</exception>
    public static Score Compose(Plan plan)
    {
        var genre = GenreCatalog.Find(plan.Genre) ?? throw new KeyNotFoundException($"No genre '{plan.Genre}'.");
        var canvas = new Canvas(plan, genre);
        var lyrics = new List<LyricSyllable>();
        var parts = plan.Voices
            .Select(voice => voice.Role == PartRole.Voice ? Sing(canvas, voice, lyrics) : Write(canvas, voice))
            .Where(part => part.Notes.Count > 0)
            .ToList();
        return new Score(
            plan.Title, plan.Key, plan.TimeSignature, [new TempoMark(0, canvas.QuartersPerMinute)], Sections(plan), Named(parts), lyrics)
        {
            LengthSeconds = plan.DurationSeconds,
            Harmony = Harmony(canvas),
            Swing = Performer.SwingOf(canvas),
        };
    }

    private static Part Write(Canvas canvas, PlanVoice voice)
    {
        var chair = Band.Chair(canvas, voice);
        var instrument = InstrumentCatalog.Get(voice.Instrument);
        var written = voice.Role switch
        {
            PartRole.Drums or PartRole.Percussion => DrumPlayer.Play(canvas, chair),
            PartRole.Bass => BassPlayer.Play(canvas, chair, instrument),
            PartRole.Lead => MelodyPlayer.Play(canvas, chair, instrument),
            PartRole.Counter => CounterPlayer.Play(canvas, chair, instrument),
            _ => ChordPlayer.Play(canvas, chair, instrument),
        };
        var notes = Performer.Perform(canvas, chair, voice, written);
        return Seated(chair, instrument, notes, Expression.For(canvas, chair, instrument, notes));
    }

    private static Part Sing(Canvas canvas, PlanVoice voice, List<LyricSyllable> lyrics)
    {
        var chair = Band.Chair(canvas, voice);
        var instrument = InstrumentCatalog.Get(voice.Instrument);
        var (written, syllables) = VoicePlayer.Sing(canvas, chair, instrument);
        var notes = Performer.Perform(canvas, chair, voice, written);
        lyrics.AddRange(notes.Zip(syllables, (note, syllable) =>
            new LyricSyllable(note.Tick, note.Duration, note.Pitch, syllable.Text, syllable.EndsWord, syllable.Word)));
        return Seated(chair, instrument, notes, []);
    }

    private static Part Seated(GenrePart chair, Instrument instrument, IReadOnlyList<Note> notes, IReadOnlyList<Control> controls)
    {
        var seat = Seat.Of(chair);
        return new Part(
            instrument.Name, chair.Role, instrument.Program, instrument.Bank, seat.Gain, seat.Pan, seat.Reverb, notes, controls);
    }

    private static List<Section> Sections(Plan plan)
    {
        var start = 0;
        var sections = new List<Section>(plan.Form.Count);
        foreach (var section in plan.Form)
        {
            sections.Add(new Section(section.Section, start, section.Bars, section.Energy));
            start += section.Bars;
        }

        return sections;
    }

    private static List<HarmonyMark> Harmony(Canvas canvas) =>
    [
        .. from bar in canvas.Bars
           from span in bar.Chords
           let tonic = PitchName.TonicOf(bar.Key)
           select new HarmonyMark(
               ((bar.Index * canvas.StepsPerBar) + span.Step) * Canvas.TicksPerStep,
               bar.Key,
               [.. span.Chord.Fifths.Select(fifths => new PitchName(tonic.Fifths + fifths))]),
    ];

    // Names are unique: a second grand piano is Grand Piano 2.
    private static List<Part> Named(List<Part> parts)
    {
        var named = new List<Part>(parts.Count);
        foreach (var part in parts)
        {
            var same = named.Count(other =>
                other.Program == part.Program && other.Bank == part.Bank && other.Name.StartsWith(part.Name, StringComparison.Ordinal));
            named.Add(same == 0 ? part : part with { Name = FormattableString.Invariant($"{part.Name} {same + 1}") });
        }

        return named;
    }
}
