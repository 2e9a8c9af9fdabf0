namespace Son1kVers3.Studio.Midi;

/// <summary>MusicXML's standard sounds (sounds.xml, 4.0) of General MIDI's 128 programs.</summary>
internal static class ProgramSounds
{
    private static readonly string[] Sounds =
    [
        "keyboard.piano.grand", "keyboard.piano.grand", "keyboard.piano.electric", "keyboard.piano.honky-tonk",
        "keyboard.piano.electric", "keyboard.piano.electric", "keyboard.harpsichord", "keyboard.clavichord",
        "keyboard.celesta", "pitched-percussion.glockenspiel", "pitched-percussion.music-box", "pitched-percussion.vibraphone",
        "pitched-percussion.marimba", "pitched-percussion.xylophone", "pitched-percussion.tubular-bells",
        "pitched-percussion.hammer-dulcimer",
        "keyboard.organ.drawbar", "keyboard.organ.percussive", "keyboard.organ.rotary", "keyboard.organ.pipe",
        "keyboard.organ.reed", "keyboard.accordion", "wind.reed.harmonica", "keyboard.bandoneon",
        "pluck.guitar.nylon-string", "pluck.guitar.steel-string", "pluck.guitar.electric", "pluck.guitar.electric",
        "pluck.guitar.electric", "pluck.guitar.electric", "pluck.guitar.electric", "pluck.guitar.electric",
        "pluck.bass.acoustic", "pluck.bass.electric", "pluck.bass.electric", "pluck.bass.fretless",
        "pluck.bass.electric", "pluck.bass.electric", "pluck.bass.synth", "pluck.bass.synth.lead",
        "strings.violin", "strings.viola", "strings.cello", "strings.contrabass",
        "strings.group", "strings.group", "pluck.harp", "drum.timpani",
        "strings.group", "strings.group", "strings.group.synth", "strings.group.synth",
        "voice.aa", "voice.oo", "voice.synth", "synth.group.orchestra",
        "brass.trumpet", "brass.trombone", "brass.tuba", "brass.trumpet",
        "brass.french-horn", "brass.group", "brass.group.synth", "brass.group.synth",
        "wind.reed.saxophone.soprano", "wind.reed.saxophone.alto", "wind.reed.saxophone.tenor", "wind.reed.saxophone.baritone",
        "wind.reed.oboe", "wind.reed.english-horn", "wind.reed.bassoon", "wind.reed.clarinet",
        "wind.flutes.flute.piccolo", "wind.flutes.flute", "wind.flutes.recorder", "wind.flutes.panpipes",
        "wind.flutes.blown-bottle", "wind.flutes.shakuhachi", "wind.flutes.whistle", "wind.flutes.ocarina",
        "synth.tone.square", "synth.tone.sawtooth", "wind.flutes.calliope", "pluck.synth.chiff",
        "pluck.synth.charang", "voice.synth", "synth.group.fifths", "pluck.bass.synth.lead",
        "synth.pad", "synth.pad.warm", "synth.pad.polysynth", "synth.pad.choir",
        "synth.pad.bowed", "synth.pad.metallic", "synth.pad.halo", "synth.pad.sweep",
        "synth.effects.rain", "synth.effects.soundtrack", "synth.effects.crystal", "synth.effects.atmosphere",
        "synth.effects.brightness", "synth.effects.goblins", "synth.effects.echoes", "synth.effects.sci-fi",
        "pluck.sitar", "pluck.banjo", "pluck.shamisen", "pluck.koto",
        "pitched-percussion.kalimba", "wind.pipes.bagpipes", "strings.fiddle", "wind.reed.shenai",
        "metal.bells.tinklebell", "metal.bells.agogo", "metal.steel-drums", "wood.wood-block",
        "drum.taiko", "drum.tom-tom", "drum.tom-tom.synth", "metal.cymbal.reverse",
        "effect.guitar-fret", "effect.breath", "effect.seashore", "effect.bird.tweet",
        "effect.telephone-ring", "effect.helicopter", "effect.applause", "effect.gunshot",
    ];

    /// <summary>The sound of a program, 0–127.</summary>
    public static string Of(int program) => Sounds[program];
}
