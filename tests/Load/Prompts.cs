namespace Son1kVers3.Load;

/// <summary>What people type: in both languages, short and long, with and without numbers.</summary>
internal static class Prompts
{
    public static IReadOnlyList<string> All { get; } =
    [
        "soft bossa nova, 120 bpm, in A minor",
        "anthemic pop song about summer, 118 bpm, in C major",
        "driving rock with loud guitars, 140 bpm, E minor",
        "deep house for a long night, 124 bpm, in F minor",
        "hypnotic techno, 132 bpm, A minor",
        "80s synthwave, neon highway, 100 bpm, in D minor",
        "liquid drum and bass, 174 bpm, G minor",
        "boom bap hip hop, 90 bpm, C minor",
        "dark trap beat, 140 bpm, in F# minor",
        "lluvia en la ventana, lo-fi, 82 bpm, en re menor",
        "smoky late night jazz trio, 110 bpm, Bb major",
        "salsa para bailar, 180 bpm, en la menor",
        "cumbia alegre con acordeón, 96 bpm, en sol menor",
        "reggaetón romántico, 92 bpm, en si menor",
        "folk ballad with acoustic guitar, 100 bpm, in G major",
        "heavy metal, fast, 160 bpm, E minor",
        "string quartet in the classical style, 96 bpm, D major",
        "ambient pads, slow and wide, 70 bpm, in C major",
        "epic cinematic trailer, 90 bpm, in D minor",
        "flamenco con palmas, 110 bpm, en la menor",
        "bossa nova suave sin batería, 116 bpm, en mi menor",
        "pop triste con piano, lento, 80 bpm, en la menor",
        "country alegre, 112 bpm, en sol mayor",
        "melancholic lo-fi with electric piano, 75 bpm, Eb major",
        "happy ukulele folk, 120 bpm, C major",
        "jazz waltz, 150 bpm, in F major",
        "roots reggae, 76 bpm, in A minor",
        "música clásica para piano, 84 bpm, en do mayor",
        "aggressive trap with strings, 150 bpm, D minor",
        "soul de los 60 con metales, 104 bpm, en do mayor",
        "cinematic, tense, with strings, 110 bpm, C minor",
        "ambient oscuro, 60 bpm, en re menor",
        "minimal techno, no melody please, 126 bpm, E minor",
        "house with piano chords, 122 bpm, in A minor",
        "funk con slap, 108 bpm, en mi menor",
        "slow blues, 70 bpm, in E major",
        "bachata romántica, 126 bpm, en la menor",
        "tango triste con bandoneón, 120 bpm, en re menor",
        "merengue para la fiesta, 150 bpm, en do mayor",
        "dream pop, shimmering guitars, 104 bpm, in E major",
    ];
}
