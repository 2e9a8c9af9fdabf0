namespace Son1kVers3.Studio.Midi;

/// <summary>A sound of General MIDI's percussion map as it is written.</summary>
/// <param name="Name">General MIDI's own name.</param>
/// <param name="Place">Where it stands on a five-line staff, as if with a treble clef: <c>C5</c>.</param>
/// <param name="Head">MusicXML's notehead; empty for the usual one.</param>
/// <param name="Sound">MusicXML's standard sound.</param>
internal sealed record KitSound(string Name, string Place, string Head, string Sound);

/// <summary>
/// The percussion map (GM 1, keys 35–81): feet below, drums in the middle, metal above, as in Weinberg's guide to drum-set notation (1998).
/// </summary>
internal static class KitSounds
{
    private static readonly Dictionary<int, KitSound> Map = new()
    {
        [35] = new("Acoustic Bass Drum", "E4", "", "drum.bass-drum"),
        [36] = new("Bass Drum 1", "F4", "", "drum.bass-drum"),
        [37] = new("Side Stick", "C5", "x", "drum.snare-drum"),
        [38] = new("Acoustic Snare", "C5", "", "drum.snare-drum"),
        [39] = new("Hand Clap", "D5", "x", "effect.hand-clap"),
        [40] = new("Electric Snare", "C5", "triangle", "drum.snare-drum.electric"),
        [41] = new("Low Floor Tom", "G4", "", "drum.tom-tom"),
        [42] = new("Closed Hi-Hat", "G5", "x", "metal.hi-hat"),
        [43] = new("High Floor Tom", "A4", "", "drum.tom-tom"),
        [44] = new("Pedal Hi-Hat", "D4", "x", "metal.hi-hat"),
        [45] = new("Low Tom", "B4", "", "drum.tom-tom"),
        [46] = new("Open Hi-Hat", "G5", "circle-x", "metal.hi-hat"),
        [47] = new("Low-Mid Tom", "D5", "", "drum.tom-tom"),
        [48] = new("Hi-Mid Tom", "D5", "", "drum.tom-tom"),
        [49] = new("Crash Cymbal 1", "A5", "x", "metal.cymbal.crash"),
        [50] = new("High Tom", "E5", "", "drum.tom-tom"),
        [51] = new("Ride Cymbal 1", "F5", "x", "metal.cymbal.ride"),
        [52] = new("Chinese Cymbal", "C6", "x", "metal.cymbal.chinese"),
        [53] = new("Ride Bell", "F5", "diamond", "metal.cymbal.ride"),
        [54] = new("Tambourine", "B5", "triangle", "drum.tambourine"),
        [55] = new("Splash Cymbal", "B5", "x", "metal.cymbal.splash"),
        [56] = new("Cowbell", "E5", "triangle", "metal.bells.cowbell"),
        [57] = new("Crash Cymbal 2", "A5", "diamond", "metal.cymbal.crash"),
        [59] = new("Ride Cymbal 2", "F5", "x", "metal.cymbal.ride"),
        [60] = new("Hi Bongo", "E5", "", "drum.bongo"),
        [61] = new("Low Bongo", "C5", "", "drum.bongo"),
        [62] = new("Mute Hi Conga", "D5", "x", "drum.conga"),
        [63] = new("Open Hi Conga", "B4", "", "drum.conga"),
        [64] = new("Low Conga", "G4", "", "drum.conga"),
        [65] = new("High Timbale", "F5", "", "drum.timbale"),
        [66] = new("Low Timbale", "D5", "", "drum.timbale"),
        [67] = new("High Agogo", "G5", "triangle", "metal.bells.agogo"),
        [68] = new("Low Agogo", "E5", "triangle", "metal.bells.agogo"),
        [69] = new("Cabasa", "A5", "x", "rattle.cabasa"),
        [70] = new("Maracas", "B5", "x", "rattle.maraca"),
        [73] = new("Short Guiro", "F5", "x", "wood.guiro"),
        [74] = new("Long Guiro", "F5", "triangle", "wood.guiro"),
        [75] = new("Claves", "C6", "x", "wood.claves"),
        [76] = new("Hi Wood Block", "A5", "triangle", "wood.wood-block"),
        [77] = new("Low Wood Block", "F5", "triangle", "wood.wood-block"),
        [81] = new("Open Triangle", "C6", "triangle", "metal.triangle"),
        [82] = new("Shaker", "A5", "x", "rattle.shaker"),
    };

    /// <summary>How a key of the map is written; one that is not in it stands in the middle of the staff.</summary>
    public static KitSound Of(int pitch) =>
        Map.GetValueOrDefault(pitch) ?? new KitSound(FormattableString.Invariant($"Percussion {pitch}"), "B4", "x", "drum.group.set");
}
