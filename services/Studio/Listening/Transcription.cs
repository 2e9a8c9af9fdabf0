namespace Son1kVers3.Studio.Listening;

/// <param name="Pitch">MIDI number.</param>
/// <param name="Confidence">0–1: how clear and steady the pitch was.</param>
public readonly record struct MelodyNoteEstimate(double StartSeconds, double DurationSeconds, int Pitch, double Confidence);

/// <summary>What somebody sang, hummed or played on one instrument.</summary>
public sealed record Transcription(IReadOnlyList<MelodyNoteEstimate> Notes, KeyEstimate Key, double Tempo, double DurationSeconds);
